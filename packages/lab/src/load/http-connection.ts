import { connect as connectTcp, isIP, type NetConnectOpts, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import type { NowUs } from '@servelab/core';
import { AnswerParser, MalformedAnswer } from './answer-parser.js';

export interface HttpTarget {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
}

/** What a connection reports to the pool that owns it. */
export interface ConnectionOwner {
  connected(connection: HttpConnection): void;
  firstByte(id: number, atUs: number): void;
  /** The answer is complete and in `connection.parser`; the connection is free again, or closed. */
  answered(connection: HttpConnection, id: number, atUs: number): void;
  /** Closed for good; `id` is the request that it was busy with, if any. */
  closed(connection: HttpConnection, id: number | null, atUs: number, reason: string): void;
}

// Every connection of the process reads into the same memory: a chunk is parsed before the next is read.
const READ_BUFFER = Buffer.allocUnsafe(64 * 1024);

const CUT_SHORT = 'connection closed before the answer was complete';

/**
 * One keep-alive HTTP/1.1 connection with at most one request in flight. Requests are written whole, head
 * and body in one go; answers are read without a stream in between (the `onread` option of net.Socket).
 */
export class HttpConnection {
  readonly parser = new AnswerParser();
  /** When its opening began: name look-up, TCP and, where it is encrypted, TLS. */
  readonly openingSinceUs: number;
  private readonly socket: Socket;
  private request: number | null = null;
  private awaitingFirstByte = false;
  private open = true;

  constructor(
    target: HttpTarget,
    private readonly owner: ConnectionOwner,
    private readonly clock: NowUs,
  ) {
    const onread = {
      buffer: READ_BUFFER,
      callback: (size: number) => this.read(READ_BUFFER.subarray(0, size)),
    };
    const { host, port } = target;
    this.openingSinceUs = clock();
    this.socket = target.tls
      ? connectTls({ host, port, onread, ...(isIP(host) === 0 && { servername: host }) } as ConnectionOptions)
      : connectTcp({ host, port, onread } as NetConnectOpts);
    this.socket.setNoDelay(true);
    let reason = CUT_SHORT;
    this.socket.on(target.tls ? 'secureConnect' : 'connect', () => this.owner.connected(this));
    this.socket.on('error', (error: NodeJS.ErrnoException) => {
      reason = error.code ?? error.message;
    });
    this.socket.on('end', () => this.finish());
    this.socket.on('close', () => this.close(reason));
  }

  get isOpen(): boolean {
    return this.open;
  }

  write(id: number, bytes: Buffer, keepBody: boolean): void {
    this.request = id;
    this.awaitingFirstByte = true;
    this.parser.begin(keepBody);
    this.socket.write(bytes);
  }

  /** Ends the connection; a request in flight is forgotten, not failed. */
  destroy(): void {
    this.request = null;
    this.close('closed');
  }

  private read(chunk: Buffer): boolean {
    const atUs = this.clock();
    if (this.request === null) {
      this.close('bytes came without a request');
      return true;
    }
    if (this.awaitingFirstByte) {
      this.awaitingFirstByte = false;
      this.owner.firstByte(this.request, atUs);
    }
    try {
      const used = this.parser.push(chunk);
      if (this.parser.complete) this.complete(atUs, used === chunk.length);
    } catch (error) {
      if (!(error instanceof MalformedAnswer)) throw error;
      this.close(`malformed answer: ${error.message}`);
    }
    return true;
  }

  /** The peer sends no more. */
  private finish(): void {
    if (this.request !== null && this.parser.end()) this.complete(this.clock(), false);
    else this.close(CUT_SHORT);
  }

  private complete(atUs: number, clean: boolean): void {
    const id = this.request;
    if (id === null) return;
    this.request = null;
    // Bytes beyond the answer would be taken for the next one's: such a connection is not used again.
    if (!clean || !this.parser.keepAlive) this.open = false;
    this.owner.answered(this, id, atUs);
    if (!this.open) this.socket.destroy();
  }

  private close(reason: string): void {
    if (this.open) {
      this.open = false;
      const id = this.request;
      this.request = null;
      this.owner.closed(this, id, this.clock(), reason);
    }
    this.socket.destroy();
  }
}
