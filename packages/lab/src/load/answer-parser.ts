import { type AnswerHead, parseHead } from './answer-head.js';
import { ByteBudget, GrowingBytes } from './growing-bytes.js';
import { MalformedAnswer, shownValue } from './malformed-answer.js';

/** Heads, interim ones included, and trailers of one answer together. */
const HEAD_LIMIT_BYTES = 64 * 1024;
const LINE_LIMIT_BYTES = 4096;
/** Longer answers cannot be checked. */
export const KEPT_LIMIT_BYTES = 4 * 1024 * 1024;
/** Of an answer that is no right one, so much is kept as an example. */
const EXAMPLE_BYTES = 256;
const ALL_KEPT_BYTES = 256 * 1024 * 1024;
const LF_CR_LF = Buffer.from('\n\r\n');
const LF_LF = Buffer.from('\n\n');
const CR = 13;
const LF = 10;
const SWITCHING_PROTOCOLS = 101;

type State =
  | 'head'
  | 'length'
  | 'until-close'
  | 'chunk-size'
  | 'chunk-data'
  | 'chunk-end'
  | 'trailer'
  | 'complete';

/** Of the answer that is being read before its head is. */
const NO_HEAD: AnswerHead = {
  status: 0,
  keepAlive: true,
  chunked: false,
  length: null,
  contentEncoding: '',
  location: '',
};

/**
 * Reads one answer after another from the bytes of a connection, as they come (RFC 9112): bodies by
 * content-length, chunked, or until the connection closes. Interim answers (1xx) are skipped. Lines end in CR LF or in
 * LF alone. Chunks given to `push` may be views of a buffer that is used again: what is kept is copied, and bounded,
 * whatever the peer sends.
 */
export class AnswerParser {
  head = NO_HEAD;
  /** Of the body. */
  bytes = 0;
  /** Interim answers before this one so far. */
  interims = 0;
  /** The body was to be kept, and is longer than that may be. */
  tooLong = false;
  private state: State = 'head';
  private headLeft = HEAD_LIMIT_BYTES;
  private remaining = 0;
  private line = '';
  private keepBody = false;
  /** How much of the body is kept; 0: nothing. */
  private keptBytes = 0;
  private readonly pending: GrowingBytes;
  private readonly body: GrowingBytes;

  /** @param budget of all connections together */
  constructor(budget: ByteBudget = new ByteBudget(ALL_KEPT_BYTES)) {
    this.pending = new GrowingBytes(budget);
    this.body = new GrowingBytes(budget);
  }

  /** Makes ready for the next answer. */
  begin(keepBody: boolean): void {
    this.head = NO_HEAD;
    this.bytes = 0;
    this.interims = 0;
    this.tooLong = false;
    this.state = 'head';
    this.headLeft = HEAD_LIMIT_BYTES;
    this.keepBody = keepBody;
    this.keptBytes = 0;
    this.pending.clear();
    this.body.clear();
  }

  /** Gives back all memory: the connection has ended. */
  release(): void {
    this.pending.release();
    this.body.release();
  }

  get complete(): boolean {
    return this.state === 'complete';
  }

  /** The head of the answer itself has come, not only of interim ones. */
  get hasHead(): boolean {
    return this.head !== NO_HEAD;
  }

  /** Nothing of a head has come since the last interim answer. */
  get awaitsHead(): boolean {
    return this.state === 'head' && this.pending.length === 0;
  }

  /**
   * The body where it was asked for, and the beginning of one that is no right answer; good until the next answer on
   * this connection begins to come.
   */
  keptBody(): Buffer {
    return this.body.view();
  }

  /**
   * @returns how many bytes belong to this answer; fewer than given only once it is complete
   * @throws MalformedAnswer
   */
  push(chunk: Buffer): number {
    let at = 0;
    while (at < chunk.length && this.state !== 'complete') {
      at = this.state === 'head' ? this.readHead(chunk, at) : this.readBody(chunk, at);
    }
    return at;
  }

  /** The connection was closed: completes a body without a length. @returns whether the answer is complete */
  end(): boolean {
    if (this.state === 'until-close') this.state = 'complete';
    return this.complete;
  }

  private readHead(chunk: Buffer, at: number): number {
    const before = this.pending.length;
    if (before === 0) {
      const end = headEnd(chunk, at);
      if (end !== -1) return at + this.endHead(chunk.toString('latin1', at, end));
    }
    if (!this.pending.append(chunk, at, chunk.length)) throw new MalformedAnswer('no memory for its head');
    const bytes = this.pending.view();
    // The blank line may straddle two chunks.
    const end = headEnd(bytes, Math.max(0, before - LF_CR_LF.length + 1));
    if (end === -1) {
      if (bytes.length > this.headLeft) throw tooLongHead();
      if (!looksLikeHttp(bytes)) throw new MalformedAnswer('the answer does not start with HTTP/1.');
      return chunk.length;
    }
    const head = bytes.toString('latin1', 0, end);
    this.pending.clear();
    return at + this.endHead(head) - before;
  }

  /** @returns how many bytes it has: lines that end in LF alone may have ended it before */
  private endHead(text: string): number {
    const early = text.indexOf('\n\n');
    const length = early === -1 ? text.length : early + 2;
    this.headLeft -= length;
    if (this.headLeft < 0) throw tooLongHead();
    const head = parseHead(early === -1 ? text : text.slice(0, length));
    if (head.status === SWITCHING_PROTOCOLS) throw new MalformedAnswer('the server switches protocols (101)');
    if (head.status < 200) this.interims++;
    else this.startBody(head);
    return length;
  }

  private startBody(head: AnswerHead): void {
    const { status, length } = head;
    this.head = head;
    if (status > 299) this.keptBytes = EXAMPLE_BYTES;
    else if (this.keepBody) this.keptBytes = KEPT_LIMIT_BYTES;
    if (status === 204 || status === 304) this.state = 'complete';
    else if (head.chunked) this.expectLine('chunk-size');
    else if (length === null) {
      this.head = { ...head, keepAlive: false };
      this.state = 'until-close';
    } else {
      this.remaining = length;
      this.state = length === 0 ? 'complete' : 'length';
    }
  }

  private readBody(chunk: Buffer, at: number): number {
    switch (this.state) {
      case 'until-close':
        return this.take(chunk, at, chunk.length - at);
      case 'length':
      case 'chunk-data': {
        const next = this.take(chunk, at, Math.min(this.remaining, chunk.length - at));
        this.remaining -= next - at;
        if (this.remaining > 0) return next;
        if (this.state === 'length') this.state = 'complete';
        else this.expectLine('chunk-end');
        return next;
      }
      default:
        return this.readLine(chunk, at);
    }
  }

  private take(chunk: Buffer, at: number, length: number): number {
    this.bytes += length;
    if (this.keptBytes > 0) this.keep(chunk, at, length);
    return at + length;
  }

  private keep(chunk: Buffer, at: number, length: number): void {
    const kept = Math.min(length, this.keptBytes - this.body.length);
    const enough = kept === length || this.keptBytes === EXAMPLE_BYTES;
    if (enough && this.body.append(chunk, at, at + kept)) return;
    this.tooLong = this.keptBytes === KEPT_LIMIT_BYTES;
    this.keptBytes = 0;
    this.body.release();
  }

  private expectLine(state: 'chunk-size' | 'chunk-end' | 'trailer'): void {
    this.state = state;
    this.line = '';
  }

  private readLine(chunk: Buffer, at: number): number {
    const end = chunk.indexOf(LF, at);
    const until = end === -1 ? chunk.length : end + 1;
    if (this.line.length + until - at > LINE_LIMIT_BYTES)
      throw new MalformedAnswer('a line of a chunked body is over 4 kB');
    this.line += chunk.toString('latin1', at, until);
    if (end !== -1) this.endLine(withoutEnd(this.line));
    return until;
  }

  private endLine(line: string): void {
    if (this.state === 'chunk-size') {
      const size = /^([0-9a-fA-F]{1,12})(?:[ \t]*(?:;.*)?)?$/.exec(line)?.[1];
      if (size === undefined) throw new MalformedAnswer(`chunk size ${shownValue(line)} is not a number`);
      this.remaining = Number.parseInt(size, 16);
      if (this.remaining === 0) this.expectLine('trailer');
      else this.state = 'chunk-data';
    } else if (this.state === 'chunk-end') {
      if (line !== '') throw new MalformedAnswer('a chunk is longer than its size says');
      this.expectLine('chunk-size');
    } else if (line === '') this.state = 'complete';
    else {
      this.headLeft -= line.length;
      if (this.headLeft < 0) throw new MalformedAnswer('the trailers of the answer are over 64 kB');
      this.expectLine('trailer');
    }
  }
}

const tooLongHead = () => new MalformedAnswer('the head of the answer is over 64 kB');

/** Behind the first blank line of a head, or one after it; -1 where none has come. */
function headEnd(bytes: Buffer, from: number): number {
  const crLf = bytes.indexOf(LF_CR_LF, from);
  if (crLf !== -1) return crLf + LF_CR_LF.length;
  const lf = bytes.indexOf(LF_LF, from);
  return lf === -1 ? -1 : lf + LF_LF.length;
}

const looksLikeHttp = (bytes: Buffer): boolean =>
  'HTTP/1.'.startsWith(bytes.toString('latin1', 0, Math.min(bytes.length, 7)));

const withoutEnd = (line: string): string => line.slice(0, line.charCodeAt(line.length - 2) === CR ? -2 : -1);
