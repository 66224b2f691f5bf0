import { RequestError } from '../request-error.js';
import { type InTurns, TURN_BYTES } from './in-turns.js';
import { type PartHeaders, parsePartHeaders } from './part-headers.js';

/** More parts than this and no browser or script sent them in earnest. */
const MAX_PARTS = 1000;
const MAX_HEADER_BYTES = 8192;
/** Parts whose headers are read in one turn: 64 kB at most. */
export const PARTS_A_TURN = 8;
/**
 * Node searches for up to 250 bytes in linear time, and for more in quadratic: a boundary of 256 in 16 MiB of its own
 * last letter took 2.7 s. So the rest is compared.
 */
const MAX_NEEDLE_BYTES = 250;
const CRLF = Buffer.from('\r\n');
const END_OF_HEADERS = Buffer.from('\r\n\r\n');
const DASH = 0x2d;

export interface FormPart {
  readonly headers: PartHeaders;
  /** Points into the body: nothing is copied. */
  readonly bytes: Buffer;
}

/**
 * ```
 * [preamble CRLF] --boundary CRLF headers CRLF CRLF bytes CRLF --boundary CRLF ... CRLF --boundary--
 *                 ^delimiter                        ^^^^^^ a part              closing delimiter^
 * ```
 * Blanks may follow a boundary (RFC 2046 calls them transport padding).
 *
 * @throws RequestError `missing_image` where there is no readable form; `too_many_images`
 */
export function* splitForm(body: Buffer, boundary: string): InTurns<FormPart[]> {
  const delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
  const opening = delimiter.subarray(CRLF.length);
  const parts: FormPart[] = [];
  // The first delimiter may stand at the very start, where no line end comes before it.
  const startsAtOnce = isAt(body, 0, opening);
  const first = startsAtOnce ? 0 : yield* find(body, delimiter, 0);
  if (first === -1) throw malformed('The body does not contain its boundary.');
  let at = first + (startsAtOnce ? opening.length : delimiter.length);

  while (!(body[at] === DASH && body[at + 1] === DASH)) {
    if (parts.length === MAX_PARTS) {
      throw new RequestError('too_many_images', `A form may have ${MAX_PARTS} parts.`);
    }
    if (parts.length % PARTS_A_TURN === PARTS_A_TURN - 1) yield;
    const lineEnd = afterPadding(body, at);
    const headersStart = lineEnd + CRLF.length;
    // A part without headers has its blank line right here: search from the delimiter's own line end.
    const headersEnd = body.subarray(lineEnd, headersStart + MAX_HEADER_BYTES).indexOf(END_OF_HEADERS);
    if (!isAt(body, lineEnd, CRLF) || headersEnd === -1) {
      throw malformed('A part has no proper headers.');
    }
    const bytesStart = lineEnd + headersEnd + END_OF_HEADERS.length;
    const bytesEnd = yield* find(body, delimiter, bytesStart - CRLF.length);
    if (bytesEnd === -1) throw malformed('The last part is cut off.');
    const headers = body.toString('utf8', headersStart, Math.max(headersStart, lineEnd + headersEnd));
    parts.push({
      headers: parsePartHeaders(headers),
      bytes: body.subarray(bytesStart, Math.max(bytesStart, bytesEnd)),
    });
    at = bytesEnd + delimiter.length;
  }
  return parts;
}

/** Where the delimiter stands next, or -1. */
function* find(body: Buffer, delimiter: Buffer, start: number): InTurns<number> {
  const needle = delimiter.subarray(0, MAX_NEEDLE_BYTES);
  let from = start;
  let pauseAt = start + TURN_BYTES;
  while (from < body.length) {
    const turnEnd = pauseAt + needle.length;
    // Most bodies end within the turn: then there is nothing to cut off.
    const at =
      turnEnd < body.length ? body.subarray(0, turnEnd).indexOf(needle, from) : body.indexOf(needle, from);
    if (at !== -1 && isAt(body, at, delimiter)) return at;
    // A boundary has no line end in it, so that two of them never overlap.
    from = at === -1 ? pauseAt + 1 : at + needle.length;
    if (from < pauseAt) continue;
    yield;
    pauseAt = from + TURN_BYTES;
  }
  return -1;
}

/** Without the object that `subarray` would make, several times a request. */
function isAt(body: Buffer, at: number, bytes: Buffer): boolean {
  for (let index = 0; index < bytes.length; index++) if (body[at + index] !== bytes[index]) return false;
  return true;
}

function afterPadding(body: Buffer, start: number): number {
  let at = start;
  while (at - start < MAX_HEADER_BYTES && (body[at] === 0x20 || body[at] === 0x09)) at++;
  return at;
}

/** Without a readable form there is no file part either. */
export function malformed(detail: string): RequestError {
  return new RequestError('missing_image', detail);
}
