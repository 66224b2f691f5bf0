import type { NowUs } from '@servelab/core';
import { Fifo } from './fifo.js';
import { ByteBudget } from './growing-bytes.js';
import { type ConnectionOwner, HttpConnection, type HttpTarget, type Sending } from './http-connection.js';
import type { AnswerListener, Sender } from './sender.js';

export interface SenderOptions {
  readonly maxConnections: number;
  /** Whether a request may be sent a second time when the server ended its connection as it was written. */
  readonly mayRepeat: boolean;
}

/** Handshakes at a time: fewer than the smallest usual listen backlog, or SYNs are dropped and tried again after 1 s. */
const HANDSHAKES_AT_ONCE = 64;
/** Bodies of answers that are checked, all connections together. */
const KEPT_BYTES = 256 * 1024 * 1024;

/**
 * A pool of keep-alive connections without pipelining. Idle connections are used in turn, the longest idle
 * first, so that none reaches the server's keep-alive time-out while load runs. A request that finds no idle
 * connection waits for the first that is free, and a new one is opened for it up to `maxConnections`.
 *
 * A server may end a connection just as the next request is written to it (after so many requests, say). Such a
 * request is sent once more, on a new connection, and the listener is told.
 */
export class SocketSender implements Sender, ConnectionOwner {
  opened = 0;
  private readonly connections = new Set<HttpConnection>();
  private readonly busy = new Map<number, HttpConnection>();
  private readonly handshakes = new Map<HttpConnection, HandshakeEnd | null>();
  private readonly idle = new Fifo<HttpConnection>();
  private readonly waiting = new Fifo<Sending>();
  /** For new connections only: one that was open already may be about to end like the last. */
  private readonly repeating = new Fifo<Sending>();
  private readonly cancelled = new Set<number>();
  private readonly budget = new ByteBudget(KEPT_BYTES);
  private closing = false;

  constructor(
    private readonly target: HttpTarget,
    private readonly options: SenderOptions,
    private readonly listener: AnswerListener,
    private readonly clock: NowUs,
  ) {}

  async prepare(connections: number): Promise<void> {
    let left = Math.min(connections, this.options.maxConnections) - this.connections.size;
    const failures: Error[] = [];
    const openInTurn = async () => {
      while (left > 0 && failures.length === 0) {
        left--;
        await this.handshake().catch((error: Error) => failures.push(error));
      }
    };
    await Promise.all(Array.from({ length: HANDSHAKES_AT_ONCE }, openInTurn));
    if (failures[0] !== undefined && this.opened === 0) throw failures[0];
  }

  send(id: number, request: Buffer, keepBody: boolean): void {
    const sending = { id, request, keepBody, again: false };
    const connection = this.nextIdle();
    if (connection !== undefined) {
      this.write(connection, sending);
    } else {
      this.waiting.push(sending);
      this.connectFor(1);
    }
  }

  cancel(id: number): void {
    const connection = this.busy.get(id);
    if (connection === undefined) {
      this.cancelled.add(id);
      return;
    }
    this.busy.delete(id);
    connection.destroy();
  }

  close(): void {
    this.closing = true;
    this.waiting.clear();
    this.repeating.clear();
    this.busy.clear();
    for (const connection of this.connections) connection.destroy();
  }

  connected(connection: HttpConnection): void {
    this.opened++;
    const end = this.handshakes.get(connection);
    this.handshakes.delete(connection);
    this.use(connection, true);
    end?.opened();
  }

  firstByte(id: number, atUs: number): void {
    this.listener.firstByte(id, atUs);
  }

  answered(connection: HttpConnection, id: number, atUs: number): void {
    this.busy.delete(id);
    const { parser } = connection;
    const { head, bytes, tooLong } = parser;
    const answer = { head, bytes, tooLong, body: parser.keptBody() };
    // Back into the pool first: the listener may send the next request at once.
    if (connection.isOpen) this.use(connection, false);
    else this.remove(connection);
    this.listener.answered(id, atUs, answer);
  }

  closed(connection: HttpConnection, sending: Sending | null, atUs: number, reason: string): void {
    const end = this.handshakes.get(connection);
    const wasHandshake = this.handshakes.delete(connection);
    this.connections.delete(connection);
    if (end) end.failed(new Error(reason));
    else if (wasHandshake) this.failWaiting(atUs, reason);
    else if (sending !== null) this.lose(connection, sending, atUs, reason);
    if (!end) this.replace();
  }

  private lose(connection: HttpConnection, sending: Sending, atUs: number, reason: string): void {
    const { id, again } = sending;
    this.busy.delete(id);
    if (this.options.mayRepeat && !again && connection.endedAsItWasUsed(atUs)) {
      this.listener.repeated(id);
      this.repeating.push({ ...sending, again: true });
    } else this.listener.failed(id, atUs, reason);
  }

  /** One handshake is under way for each request that waits; when there are more requests, one has lost its own. */
  private failWaiting(atUs: number, reason: string): void {
    if (this.repeating.size + this.waiting.size <= this.handshakes.size) return;
    const lost = this.nextOf(this.repeating) ?? this.nextOf(this.waiting);
    if (lost !== undefined) this.listener.failed(lost.id, atUs, `cannot connect: ${reason}`);
  }

  private remove(connection: HttpConnection): void {
    this.connections.delete(connection);
    this.replace();
  }

  /** Requests that wait need a connection in place of one that has ended. */
  private replace(): void {
    if (!this.closing) this.connectFor(this.repeating.size + this.waiting.size - this.handshakes.size);
  }

  private connectFor(requests: number): void {
    if (requests > 0 && this.connections.size < this.options.maxConnections) this.connect(null);
  }

  private use(connection: HttpConnection, isNew: boolean): void {
    const next = (isNew ? this.nextOf(this.repeating) : undefined) ?? this.nextOf(this.waiting);
    if (next === undefined) {
      this.idle.push(connection);
      return;
    }
    if (isNew) this.listener.connecting(next.id, connection.openingSinceUs);
    this.write(connection, next);
  }

  private write(connection: HttpConnection, sending: Sending): void {
    const { id } = sending;
    this.busy.set(id, connection);
    const atUs = this.clock();
    this.listener.acquired(id, atUs);
    this.listener.sent(id, atUs);
    connection.write(sending, atUs);
  }

  /** Connections that the server closed while they were idle are passed over. */
  private nextIdle(): HttpConnection | undefined {
    let connection = this.idle.shift();
    while (connection !== undefined && !connection.isOpen) connection = this.idle.shift();
    return connection;
  }

  private nextOf(queue: Fifo<Sending>): Sending | undefined {
    let next = queue.shift();
    while (next !== undefined && this.cancelled.delete(next.id)) next = queue.shift();
    return next;
  }

  private handshake(): Promise<void> {
    return new Promise((resolve, reject) => this.connect({ opened: resolve, failed: reject }));
  }

  private connect(end: HandshakeEnd | null): void {
    const connection = new HttpConnection(this.target, this, this.clock, this.budget);
    this.connections.add(connection);
    this.handshakes.set(connection, end);
  }
}

/** Who waits for a handshake: `prepare`, or nobody but the requests in the queue. */
interface HandshakeEnd {
  opened(): void;
  failed(error: Error): void;
}
