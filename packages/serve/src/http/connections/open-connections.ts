import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Connection } from './connection.js';
import { SURPLUS_CONNECTIONS } from './connection-limit.js';
import { watchStalledClients } from './stalled-clients.js';

/**
 * Requests sent ahead on all connections together, which each hold some 10 kB. Who sends more while there are so
 * many is cut off without a word. With fewer of them the limit of the one connection counts.
 */
const AHEAD_IN_ALL = 4096;
/** How long a connection above the limit may stay silent before its request. */
const SURPLUS_SILENCE_MS = 1000;

export interface ConnectionLimits {
  readonly maxConnections: number;
  readonly maxPipelinedRequests: number;
  readonly writeTimeoutMs: number;
}

/** Whether a request is served; `ignored` on a connection that ends already. */
export type Admission = 'served' | 'ignored' | 'too_many_connections' | 'too_many_pipelined_requests';

/**
 * Knows every connection and what it waits for. Node's own `closeIdleConnections` spares those that have been
 * opened and not used yet (clients open them ahead), and one of them would hold a shutdown up for ever; and it
 * ends those whose answer has been written but not been taken, with all that were to follow.
 */
export class OpenConnections {
  readonly #limits: ConnectionLimits;
  readonly #open = new Map<Socket, Connection>();
  /** Accepted above the limit, in order to be told. */
  readonly #surplus = new WeakSet<Socket>();
  readonly #stopWatch: () => void;
  readonly #aheadInAll: number;
  #ahead = 0;
  #ending = false;

  constructor(server: Server, limits: ConnectionLimits) {
    this.#limits = limits;
    this.#aheadInAll = Math.max(AHEAD_IN_ALL, 4 * limits.maxPipelinedRequests);
    server.closeIdleConnections = () => {};
    // Node's own forgets those of CONNECT.
    server.closeAllConnections = () => {
      for (const socket of this.#open.keys()) socket.destroy();
    };
    // A client may have nothing more to send and still wait for its answers.
    (server as Server & { httpAllowHalfOpen: boolean }).httpAllowHalfOpen = true;
    server.on('connection', (socket: Socket) => this.#accept(socket));
    this.#stopWatch = watchStalledClients(
      server,
      () => this.#open.keys(),
      (socket) => this.#open.get(socket)?.isBusy === true,
      limits.writeTimeoutMs,
    );
  }

  /** Undefined for a connection that was dropped. */
  of(socket: Socket): Connection | undefined {
    return this.#open.get(socket);
  }

  /** @param evenInSurplus for probes: a crowd at the door is no reason to end the server */
  begin(socket: Socket, answer: ServerResponse, evenInSurplus: boolean): Admission {
    const connection = this.#open.get(socket);
    if (connection === undefined || socket.destroyed) return 'ignored';
    if (connection.isBusy && !this.#countAhead(connection)) {
      socket.destroy();
      return 'ignored';
    }
    if (connection.isEnding) return 'ignored';
    if (connection.waiting >= this.#limits.maxPipelinedRequests) return 'too_many_pipelined_requests';
    if (!evenInSurplus && this.#isSurplus(socket)) return 'too_many_connections';
    connection.begin(answer);
    return 'served';
  }

  end(socket: Socket, answer: ServerResponse): void {
    const connection = this.#open.get(socket);
    if (connection === undefined) return;
    connection.end(answer);
    // The next one is ahead of nothing now.
    if (connection.ahead > 0) this.#countBack(connection, 1);
    // Its answer was decided before the shutdown, and so does not say that the connection ends with it.
    if (this.#ending && !connection.isBusy) connection.close();
  }

  /** Ends every connection that waits for nothing; the others end with their last answer, soon. */
  endIdle(): void {
    this.#ending = true;
    for (const [socket, connection] of this.#open) {
      if (connection.isBusy) connection.lingerBriefly();
      else socket.destroy();
    }
  }

  /** Once the server has closed. */
  close(): void {
    this.#stopWatch();
  }

  /** @returns false where there are too many */
  #countAhead(connection: Connection): boolean {
    if (this.#ahead >= this.#aheadInAll) return false;
    this.#ahead++;
    connection.ahead++;
    return true;
  }

  #countBack(connection: Connection, requests: number): void {
    this.#ahead -= requests;
    connection.ahead -= requests;
  }

  #isSurplus(socket: Socket): boolean {
    return this.#open.size > this.#limits.maxConnections && this.#surplus.has(socket);
  }

  #accept(socket: Socket): void {
    const above = this.#open.size - this.#limits.maxConnections;
    // While ending: accepted in the last moment before the port was closed.
    if (this.#ending || above >= SURPLUS_CONNECTIONS) {
      socket.destroy();
      return;
    }
    const connection = new Connection(socket);
    if (above >= 0) {
      this.#surplus.add(socket);
      socket.setTimeout(SURPLUS_SILENCE_MS);
      connection.lingerBriefly();
    }
    this.#open.set(socket, connection);
    socket.once('close', () => {
      this.#open.delete(socket);
      this.#countBack(connection, connection.ahead);
    });
  }
}
