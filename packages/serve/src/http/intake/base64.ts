import { type InTurns, TURN_BYTES } from './in-turns.js';

/** Longest `data:image/...;base64,` that is looked for. */
const MAX_PREFIX = 300;
const BLANKS = Buffer.from(' \t\n\v\f\r');
const IS_BLANK = Uint8Array.from({ length: 256 }, (_, byte) => (BLANKS.includes(byte) ? 1 : 0));

/**
 * Decodes standard base64, padded, in its place; white space and a `data:` prefix are allowed. Null for anything else.
 *
 * The decoder of Buffer never fails: it skips what is no base64 and stops at padding. Both make the result shorter
 * than the text allows, so comparing lengths checks the alphabet and the padding without a second pass. Only where
 * that fails is white space looked for.
 */
export function* decodeBase64(encoded: Buffer): InTurns<Buffer | null> {
  const start = afterPrefix(encoded, yield* afterBlanks(encoded));
  let end = encoded.length;
  let blanksDropped = false;
  let write = start;
  for (let read = start; read < end; ) {
    // A turn is a whole number of groups of four.
    const stop = Math.min(read + TURN_BYTES, end);
    const text = encoded.toString('latin1', read, stop);
    const bytes = encoded.write(text, write, 'base64');
    if (bytes === decodedLength(text, stop === end)) {
      read = stop;
      write += bytes;
      if (read < end) yield;
      continue;
    }
    if (blanksDropped) return null;
    // The attempt may have written over what it read.
    encoded.write(text, read, 'latin1');
    end = yield* dropBlanks(encoded, read);
    blanksDropped = true;
  }
  return encoded.subarray(start, write);
}

/** -1 where no decoding can have that length. */
function decodedLength(text: string, isLast: boolean): number {
  if (text.length % 4 !== 0) return -1;
  const padding = !isLast ? 0 : text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return (text.length / 4) * 3 - padding;
}

function* afterBlanks(encoded: Buffer): InTurns<number> {
  let at = 0;
  while (at < encoded.length && IS_BLANK[encoded[at] ?? 0] === 1) {
    at++;
    if (at % TURN_BYTES === 0) yield;
  }
  return at;
}

/** Where the data begins: `data:image/png;base64,` stands before it, or nothing. */
function afterPrefix(encoded: Buffer, start: number): number {
  const head = encoded.toString('latin1', start, Math.min(start + MAX_PREFIX, encoded.length)).toLowerCase();
  const end = head.indexOf(';base64,');
  const isPrefix = head.startsWith('data:') && end !== -1 && !head.slice(0, end).includes(',');
  return isPrefix ? start + end + ';base64,'.length : start;
}

/** @returns the new end: what is not white space moves together */
function* dropBlanks(encoded: Buffer, start: number): InTurns<number> {
  let write = start;
  for (let read = start; read < encoded.length; read++) {
    const byte = encoded[read] ?? 0;
    if (IS_BLANK[byte] === 0) encoded[write++] = byte;
    if ((read - start) % TURN_BYTES === TURN_BYTES - 1) yield;
  }
  return write;
}
