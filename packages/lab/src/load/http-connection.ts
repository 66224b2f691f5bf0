import { connect as connectTcp, isIP, type NetConnectOpts, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { excerpt, type NowUs } from '@servelab/core';
import { AnswerParser } from './answer-parser.js';
import type { ByteBudget } from './growing-bytes.js';
import { MalformedAnswer } from './malformed-answer.js';

export interface HttpTarget {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  /** Whether the certificate is taken as it comes. */
  readonly insecure: boolean;
}

/** A request on its way to a connection, or on one. */
export interface Sending {
  readonly id: number;
  /** Head and body, ready to be written. */
  readonly request: Buffer;
  readonly keepBody: boolean;
  /** It was sent before, on a connection that was about to end. */
  readonly again: boolean;
}

/** What a connection reports to the pool that owns it. */
export interface ConnectionOwner {
  connected(connection: HttpConnection): void;
  /** The head of the answer is there; its first byte came at `atUs`. */
  firstByte(id: number, atUs: number): void;
  /** The answer is complete and in `connection.parser`; the connection is free again, or closed. */
  answered(connection: HttpConnection, id: number, atUs: number): void;
  /** Closed for good; `sending` is what it was busy with, if anything. */
  closed(connection: HttpConnection, sending: Sending | null, atUs: number, reason: string): void;
}

// Every connection of the process reads into the same memory: a chunk is parsed before the next is read.
const READ_BUFFER = Buffer.allocUnsafe(64 * 1024);

const CUT_SHORT = 'connection closed before the answer was complete';
/** What a server worked on for longer than this was not a request that crossed the end of its connection. */
const RACE_LIMIT_US = 1e6;
const LONGEST_REASON = 120;

/**
 * One keep-alive HTTP/1.1 connection with at most one request in flight. Requests are written whole, head
 * and body in one go; answers are read without a stream in between (the `onread` option of net.Socket).
 */
export class HttpConnection {
  readonly parser: AnswerParser;
  /** When its opening began: name look-up, TCP and, where it is encrypted, TLS. */
  readonly openingSinceUs: number;
  private readonly socket: Socket;
  private sending: Sending | null = null;
  private writtenUs = 0;
  /** Of the answer, or of what may become its head; null before it. */
  private firstByteUs: number | null = null;
  private answers = 0;
  private open = true;

  constructor(
    target: HttpTarget,
    private readonly owner: ConnectionOwner,
    private readonly clock: NowUs,
    budget: ByteBudget,
  ) {
    this.parser = new AnswerParser(budget);
    const onread = {
      buffer: READ_BUFFER,
      callback: (size: number) => this.read(READ_BUFFER.subarray(0, size)),
    };
    this.openingSinceUs = clock();
    this.socket = target.tls
      ? connectTls(tlsOptions(target, onread))
      : connectTcp({ host: target.host, port: target.port, onread } as NetConnectOpts);
    this.socket.setNoDelay(true);
    let reason = CUT_SHORT;
    this.socket.on(target.tls ? 'secureConnect' : 'connect', () => this.owner.connected(this));
    this.socket.on('error', (error: NodeJS.ErrnoException) => {
      // The words of a certificate are the server's.
      reason = excerpt(error.code ?? error.message, LONGEST_REASON);
    });
    this.socket.on('end', () => this.finish());
    this.socket.on('close', () => this.close(reason));
  }

  get isOpen(): boolean {
    return this.open;
  }

  /**
   * Whether the request that it ended with was written while the server was ending it: the connection had served
   * before, and not one byte of an answer came.
   */
  endedAsItWasUsed(atUs: number): boolean {
    const silent = this.firstByteUs === null && this.parser.interims === 0;
    return this.answers > 0 && silent && atUs - this.writtenUs < RACE_LIMIT_US;
  }

  write(sending: Sending, atUs: number): void {
    this.sending = sending;
    this.writtenUs = atUs;
    this.firstByteUs = null;
    this.parser.begin(sending.keepBody);
    this.socket.write(sending.request);
  }

  /** Ends the connection; a request in flight is forgotten, not failed. */
  destroy(): void {
    this.sending = null;
    this.close('closed');
  }

  private read(chunk: Buffer): boolean {
    const atUs = this.clock();
    if (this.sending === null) {
      this.close('bytes came without a request');
      return true;
    }
    try {
      this.parse(chunk, atUs, this.sending.id);
    } catch (error) {
      if (!(error instanceof MalformedAnswer)) throw error;
      this.close(`malformed answer: ${error.message}`);
    }
    return true;
  }

  private parse(chunk: Buffer, atUs: number, id: number): void {
    const { parser } = this;
    const { interims, hasHead } = parser;
    this.firstByteUs ??= atUs;
    const used = parser.push(chunk);
    // What came before was an interim answer; the first byte of the answer itself comes with this chunk, or later.
    if (parser.interims !== interims) this.firstByteUs = parser.awaitsHead ? null : atUs;
    if (!hasHead && parser.hasHead && this.firstByteUs !== null) this.owner.firstByte(id, this.firstByteUs);
    if (parser.complete) this.complete(atUs, used === chunk.length);
  }

  /** The peer sends no more. */
  private finish(): void {
    if (this.sending !== null && this.parser.end()) this.complete(this.clock(), false);
    else this.close(CUT_SHORT);
  }

  private complete(atUs: number, clean: boolean): void {
    if (this.sending === null) return;
    const { id } = this.sending;
    this.sending = null;
    this.answers++;
    // Bytes beyond the answer would be taken for the next one's: such a connection is not used again.
    if (!clean || !this.parser.head.keepAlive) this.open = false;
    this.owner.answered(this, id, atUs);
    if (!this.open) this.socket.destroy();
  }

  private close(reason: string): void {
    if (this.open) {
      this.open = false;
      const { sending } = this;
      this.sending = null;
      this.owner.closed(this, sending, this.clock(), reason);
    }
    this.parser.release();
    this.socket.destroy();
  }
}

function tlsOptions({ host, port, insecure }: HttpTarget, onread: object): ConnectionOptions {
  const named = isIP(host) === 0 && { servername: host };
  return {
    host,
    port,
    onread,
    ...named,
    ...(insecure && { rejectUnauthorized: false }),
  } as ConnectionOptions;
}
