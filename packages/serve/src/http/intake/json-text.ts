import { type InTurns, TURN_BYTES } from './in-turns.js';
import type { JsonText } from './json-scanner.js';

const BACKSLASH = 0x5c;
/** In place of a character beyond ASCII: it is in no name and no base64 that is looked for. */
const NOT_ASCII = 0xff;
/** What a letter after a backslash stands for; 0 for u, whose four digits say it. */
const ESCAPED = new Uint8Array(256);
for (const [letter, character] of ['""', '\\\\', '//', 'b\b', 'f\f', 'n\n', 'r\r', 't\t']) {
  ESCAPED[letter?.charCodeAt(0) ?? 0] = character?.charCodeAt(0) ?? 0;
}

/**
 * The characters of a string, a byte each, in the place where it stands in the body: PHP escapes each slash of base64,
 * and MIME breaks its lines.
 *
 * @param text checked by the scanner
 */
export function* textBytes(body: Buffer, { start, end, escaped }: JsonText): InTurns<Buffer> {
  if (!escaped) return body.subarray(start, end);
  let write = start;
  let pauseAt = start + TURN_BYTES;
  for (let read = start; read < end; ) {
    if (read >= pauseAt) {
      yield;
      pauseAt = read + TURN_BYTES;
    }
    const byte = body[read] ?? 0;
    if (byte !== BACKSLASH) {
      body[write++] = byte;
      read++;
      continue;
    }
    const character = ESCAPED[body[read + 1] ?? 0] ?? 0;
    body[write++] = character === 0 ? hexCharacter(body, read + 2) : character;
    read += character === 0 ? 6 : 2;
  }
  return body.subarray(start, write);
}

/** A short string; null for a long one, which no name that is looked for is. */
export function shortText(body: Buffer, { start, end, escaped }: JsonText): string | null {
  if (end - start > 128) return null;
  const text = body.toString('utf8', start, end);
  return escaped ? (JSON.parse(`"${text}"`) as string) : text;
}

function hexCharacter(body: Buffer, start: number): number {
  let code = 0;
  for (let at = start; at < start + 4; at++) {
    const digit = body[at] ?? 0;
    code = code * 16 + (digit & 0x0f) + (digit > 0x39 ? 9 : 0);
  }
  return code < 0x80 ? code : NOT_ASCII;
}
