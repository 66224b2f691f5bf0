const BYTES_A_WORD = 4;
const EACH_BYTE = 0x01010101;
const HIGH_BITS = 0x80808080;
/** Quote, backslash and control characters end the plain part of a JSON string. */
const ENDS = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte === 0x22 || byte === 0x5c || byte < 0x20 ? 1 : 0,
);

/**
 * Finds where the plain part of a JSON string ends, four bytes at a time: nearly all of a body is the base64 of an image.
 *
 * A byte is below n where subtracting n sets its high bit and it had none; equal to c where its exclusive or with c is
 * below 1. A borrow from the byte before can only make a word look as if it had an end: its bytes are then looked at.
 */
export class PlainText {
  readonly #body: Buffer;
  /** The body without what comes before its first whole word, `#wordsStart` bytes. */
  readonly #words: Uint32Array;
  readonly #wordsStart: number;

  constructor(body: Buffer) {
    const start = Math.min((BYTES_A_WORD - (body.byteOffset % BYTES_A_WORD)) % BYTES_A_WORD, body.length);
    const words = Math.floor((body.length - start) / BYTES_A_WORD);
    this.#body = body;
    this.#wordsStart = start;
    this.#words =
      words === 0 ? new Uint32Array() : new Uint32Array(body.buffer, body.byteOffset + start, words);
  }

  /** @returns the place of the first byte from `at` on that is not plain, or `until` */
  end(at: number, until: number): number {
    let word = Math.ceil((at - this.#wordsStart) / BYTES_A_WORD);
    const firstWord = this.#wordsStart + word * BYTES_A_WORD;
    const before = this.#bytewise(at, Math.min(firstWord, until));
    if (before < firstWord) return before;
    const lastWord = Math.floor((until - this.#wordsStart) / BYTES_A_WORD);
    while (word < lastWord && isPlain(this.#words[word] ?? 0)) word++;
    return this.#bytewise(this.#wordsStart + word * BYTES_A_WORD, until);
  }

  #bytewise(start: number, until: number): number {
    let at = start;
    while (at < until && ENDS[this.#body[at] ?? 0] === 0) at++;
    return at;
  }
}

function isPlain(word: number): boolean {
  const quote = word ^ (0x22 * EACH_BYTE);
  const backslash = word ^ (0x5c * EACH_BYTE);
  const control = (word - 0x20 * EACH_BYTE) & ~word;
  const ends = control | ((quote - EACH_BYTE) & ~quote) | ((backslash - EACH_BYTE) & ~backslash);
  return (ends & HIGH_BITS) === 0;
}
