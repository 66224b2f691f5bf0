/** The peer sent something that is not an HTTP/1.1 answer. */
export class MalformedAnswer extends Error {
  override readonly name = 'MalformedAnswer';
}

const HEAD_LIMIT_BYTES = 64 * 1024;
const LINE_LIMIT_BYTES = 4096;
const CONNECTION = headerPattern('connection');
const TRANSFER_ENCODING = headerPattern('transfer-encoding');
const CONTENT_LENGTH = headerPattern('content-length');
const HEAD_END = Buffer.from('\r\n\r\n');
const CR = 13;
const LF = 10;

type State =
  | 'head'
  | 'length'
  | 'until-close'
  | 'chunk-size'
  | 'chunk-data'
  | 'chunk-end'
  | 'trailer'
  | 'complete';

/**
 * Reads one answer after another from the bytes of a connection, as they come (RFC 9112): bodies by
 * content-length, chunked, or until the connection closes. Interim answers (1xx) are skipped. Chunks
 * given to `push` may be views of a buffer that is used again: what is kept is copied.
 */
export class AnswerParser {
  status = 0;
  bytes = 0;
  keepAlive = true;
  private state: State = 'head';
  private pending: Buffer | null = null;
  private remaining = 0;
  private line = '';
  private body: Buffer[] | null = null;

  /** Makes ready for the next answer. */
  begin(keepBody: boolean): void {
    this.status = 0;
    this.bytes = 0;
    this.keepAlive = true;
    this.state = 'head';
    this.pending = null;
    this.body = keepBody ? [] : null;
  }

  get complete(): boolean {
    return this.state === 'complete';
  }

  takeBody(): Buffer | null {
    return this.body === null ? null : Buffer.concat(this.body);
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
    const before = this.pending?.length ?? 0;
    const bytes =
      this.pending === null ? chunk.subarray(at) : Buffer.concat([this.pending, chunk.subarray(at)]);
    // The blank line may straddle two chunks.
    const end = bytes.indexOf(HEAD_END, Math.max(0, before - 3));
    if (end === -1) {
      if (bytes.length > HEAD_LIMIT_BYTES) throw new MalformedAnswer('the head of the answer is over 64 kB');
      if (!looksLikeHttp(bytes)) throw new MalformedAnswer('the answer does not start with HTTP/1.');
      this.pending = before === 0 ? Buffer.from(bytes) : bytes;
      return chunk.length;
    }
    this.pending = null;
    this.startBody(bytes.toString('latin1', 0, end + 2));
    return at + end + HEAD_END.length - before;
  }

  private startBody(head: string): void {
    const status = /^HTTP\/1\.([01]) (\d{3})[ \r]/.exec(head);
    if (status === null) throw new MalformedAnswer('the answer does not start with an HTTP/1.1 status line');
    this.status = Number(status[2]);
    if (this.status >= 100 && this.status < 200) return; // interim: the real head follows
    const connection = CONNECTION.exec(head)?.[1]?.toLowerCase();
    this.keepAlive = status[1] === '1' ? connection !== 'close' : connection === 'keep-alive';
    const encoding = TRANSFER_ENCODING.exec(head)?.[1]?.toLowerCase();
    const length = CONTENT_LENGTH.exec(head)?.[1];
    if (this.status === 204 || this.status === 304) this.state = 'complete';
    else if (encoding === 'chunked') this.expectLine('chunk-size');
    else if (encoding !== undefined)
      throw new MalformedAnswer(`transfer-encoding "${encoding}" is not known`);
    else if (length === undefined) {
      this.keepAlive = false;
      this.state = 'until-close';
    } else this.expectLength(length);
  }

  private expectLength(text: string): void {
    if (!/^\d{1,15}$/.test(text)) throw new MalformedAnswer(`content-length "${text}" is no number`);
    this.remaining = Number(text);
    this.state = this.remaining === 0 ? 'complete' : 'length';
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
    this.body?.push(Buffer.from(chunk.subarray(at, at + length)));
    return at + length;
  }

  private expectLine(state: 'chunk-size' | 'chunk-end' | 'trailer'): void {
    this.state = state;
    this.line = '';
  }

  private readLine(chunk: Buffer, at: number): number {
    const end = chunk.indexOf(LF, at);
    const until = end === -1 ? chunk.length : end + 1;
    this.line += chunk.toString('latin1', at, until);
    if (this.line.length > LINE_LIMIT_BYTES)
      throw new MalformedAnswer('a line of a chunked body is over 4 kB');
    if (end !== -1)
      this.endLine(this.line.charCodeAt(this.line.length - 2) === CR ? this.line.slice(0, -2) : null);
    return until;
  }

  private endLine(line: string | null): void {
    if (line === null) throw new MalformedAnswer('a line of a chunked body does not end in CR LF');
    if (this.state === 'chunk-size') {
      const size = /^([0-9a-fA-F]{1,12})(?:[ \t]*;.*)?$/.exec(line)?.[1];
      if (size === undefined) throw new MalformedAnswer(`chunk size "${line.slice(0, 20)}" is no number`);
      this.remaining = Number.parseInt(size, 16);
      if (this.remaining === 0) this.expectLine('trailer');
      else this.state = 'chunk-data';
    } else if (this.state === 'chunk-end') {
      if (line !== '') throw new MalformedAnswer('a chunk is longer than its size says');
      this.expectLine('chunk-size');
    } else if (line === '') this.state = 'complete';
    else this.expectLine('trailer');
  }
}

const looksLikeHttp = (bytes: Buffer): boolean =>
  'HTTP/1.'.startsWith(bytes.toString('latin1', 0, Math.min(bytes.length, 7)));

/** Finds the first header of this name in a head whose every line ends in CR LF; its value is group 1. */
function headerPattern(name: string): RegExp {
  return new RegExp(`\\r\\n${name}:[ \\t]*([^\\r\\n]*?)[ \\t]*\\r\\n`, 'i');
}
