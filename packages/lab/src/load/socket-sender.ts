import type { NowUs } from '@servelab/core';
import { Fifo } from './fifo.js';
import { type ConnectionOwner, HttpConnection, type HttpTarget } from './http-connection.js';
import type { AnswerListener, Sender } from './sender.js';

interface WaitingRequest {
  readonly id: number;
  readonly request: Buffer;
  readonly keepBody: boolean;
}

/** Handshakes at a time: fewer than the smallest usual listen backlog, or SYNs are dropped and tried again after 1 s. */
const HANDSHAKES_AT_ONCE = 64;

/**
 * A pool of keep-alive connections without pipelining. Idle connections are used in turn, the longest idle
 * first, so that none reaches the server's keep-alive time-out while load runs. A request that finds no idle
 * connection waits for the first that is free, and a new one is opened for it up to `maxConnections`.
 */
export class SocketSender implements Sender, ConnectionOwner {
  opened = 0;
  private readonly connections = new Set<HttpConnection>();
  private readonly busy = new Map<number, HttpConnection>();
  private readonly handshakes = new Map<HttpConnection, HandshakeEnd | null>();
  private readonly idle = new Fifo<HttpConnection>();
  private readonly waiting = new Fifo<WaitingRequest>();
  private readonly cancelled = new Set<number>();

  constructor(
    private readonly target: HttpTarget,
    private readonly maxConnections: number,
    private readonly listener: AnswerListener,
    private readonly clock: NowUs,
  ) {}

  async prepare(connections: number): Promise<void> {
    let left = Math.min(connections, this.maxConnections) - this.connections.size;
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
    const connection = this.nextIdle();
    if (connection !== undefined) {
      this.write(connection, { id, request, keepBody });
    } else {
      this.waiting.push({ id, request, keepBody });
      if (this.connections.size < this.maxConnections) this.connect(null);
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
    this.waiting.clear();
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
    const { status, bytes } = connection.parser;
    const answer = { status, bytes, body: connection.parser.takeBody() };
    // Back into the pool first: the listener may send the next request at once.
    if (connection.isOpen) this.use(connection, false);
    else this.connections.delete(connection);
    this.listener.answered(id, atUs, answer);
  }

  closed(connection: HttpConnection, id: number | null, atUs: number, reason: string): void {
    this.connections.delete(connection);
    const end = this.handshakes.get(connection);
    const wasHandshake = this.handshakes.delete(connection);
    if (end) end.failed(new Error(reason));
    else if (wasHandshake) this.failWaiting(atUs, reason);
    else if (id !== null) {
      this.busy.delete(id);
      this.listener.failed(id, atUs, reason);
    }
  }

  /** One handshake is under way for each request that waits; when there are more requests, one has lost its own. */
  private failWaiting(atUs: number, reason: string): void {
    if (this.waiting.size <= this.handshakes.size) return;
    const lost = this.nextWaiting();
    if (lost !== undefined) this.listener.failed(lost.id, atUs, `cannot connect: ${reason}`);
  }

  private use(connection: HttpConnection, isNew: boolean): void {
    const next = this.nextWaiting();
    if (next === undefined) {
      this.idle.push(connection);
      return;
    }
    if (isNew) this.listener.connecting(next.id, connection.openingSinceUs);
    this.write(connection, next);
  }

  private write(connection: HttpConnection, { id, request, keepBody }: WaitingRequest): void {
    this.busy.set(id, connection);
    const atUs = this.clock();
    this.listener.acquired(id, atUs);
    this.listener.sent(id, atUs);
    connection.write(id, request, keepBody);
  }

  /** Connections that the server closed while they were idle are passed over. */
  private nextIdle(): HttpConnection | undefined {
    let connection = this.idle.shift();
    while (connection !== undefined && !connection.isOpen) connection = this.idle.shift();
    return connection;
  }

  private nextWaiting(): WaitingRequest | undefined {
    let next = this.waiting.shift();
    while (next !== undefined && this.cancelled.delete(next.id)) next = this.waiting.shift();
    return next;
  }

  private handshake(): Promise<void> {
    return new Promise((resolve, reject) => this.connect({ opened: resolve, failed: reject }));
  }

  private connect(end: HandshakeEnd | null): void {
    const connection = new HttpConnection(this.target, this, this.clock);
    this.connections.add(connection);
    this.handshakes.set(connection, end);
  }
}

/** Who waits for a handshake: `prepare`, or nobody but the requests in the queue. */
interface HandshakeEnd {
  opened(): void;
  failed(error: Error): void;
}
