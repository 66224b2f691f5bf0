import { RequestError } from '../request-error.js';
import { isCompleteNumber, type NumberState, nextNumberState } from './json-number.js';
import { PlainText } from './plain-text.js';

/** Deeper than this nobody nests in earnest; RFC 8259 allows a limit. */
const MAX_DEPTH = 512;

/** A string in the body: what stands between its quotes. */
export interface JsonText {
  readonly start: number;
  readonly end: number;
  /** Whether there is a backslash in it. */
  readonly escaped: boolean;
}

/** What a scan tells, in the order of the text. */
export interface JsonEvents {
  /** The name of a member of the object at the top; its value follows. */
  member(name: JsonText): void;
  /** A value begins, or was a string. `depth` 1 is a member of the object at the top, 2 what lies in that. */
  value(depth: 1 | 2, value: JsonText | 'list' | 'other'): void;
}

/** What may come next. Numbers, because a hostile body asks millions of times. */
const VALUE = 0;
const NAME = 1;
const COLON = 2;
const COMMA = 3;
const NOTHING = 4;
const REST_OF_NAME = 5;
const REST_OF_STRING = 6;
const REST_OF_NUMBER = 7;

/** Tokens that one turn may look at, beside its bytes: some milliseconds. */
const TOKENS_A_TURN = 16 * 1024;

const OBJECT = 1;
const IS_BLANK = Uint8Array.from({ length: 256 }, (_, byte) =>
  [0x20, 0x09, 0x0a, 0x0d].includes(byte) ? 1 : 0,
);
/** What may follow a backslash, beside u and four digits. */
const ESCAPES = new Set(Buffer.from('"\\/bfnrt'));
const LITERALS = ['true', 'false', 'null'].map((word) => Buffer.from(word));

/**
 * Reads a JSON object and says where its members are, without making anything of them: of 16 MiB of `[`,
 * `JSON.parse` would make millions of objects, in seconds without a pause. Takes what `JSON.parse` takes, up to a
 * depth, and goes on where it stopped.
 */
export class JsonScanner {
  readonly #body: Buffer;
  readonly #plain: PlainText;
  readonly #events: JsonEvents;
  /** Whether each of the open containers is an object. */
  readonly #containers = new Uint8Array(MAX_DEPTH + 1);
  #depth = 0;
  #expected = VALUE;
  /** Whether the container that was just opened, or has a value last, may be closed. */
  #mayClose = false;
  #at: number;
  #textStart = 0;
  #escaped = false;
  #number: NumberState = 'start';

  constructor(body: Buffer, start: number, events: JsonEvents) {
    this.#body = body;
    this.#plain = new PlainText(body);
    this.#at = start;
    this.#events = events;
  }

  /**
   * Looks at so many more bytes, a few beyond, or fewer where there are many tokens.
   *
   * @returns whether that was all
   * @throws RequestError `invalid_json`, which tells the byte
   */
  advance(bytes: number): boolean {
    const { length } = this.#body;
    const until = Math.min(this.#at + bytes, length);
    for (let tokens = 0; this.#at < until && tokens < TOKENS_A_TURN; tokens++) this.#step(until);
    if (this.#at < length) return false;
    if (this.#expected !== NOTHING) throw invalid(`it ends in the middle, after ${length} bytes`);
    return true;
  }

  #step(until: number): void {
    if (this.#expected === REST_OF_STRING || this.#expected === REST_OF_NAME) this.#text(until);
    else if (this.#expected === REST_OF_NUMBER) this.#digits(until);
    else {
      while (this.#at < until && IS_BLANK[this.#byte(this.#at)] === 1) this.#at++;
      if (this.#at < until) this.#token(this.#byte(this.#at));
    }
  }

  #token(byte: number): void {
    if (this.#mayClose && (byte === 0x5d || byte === 0x7d)) this.#close(byte);
    else if (this.#expected === VALUE || this.#expected === NAME) this.#open(byte);
    else if (this.#expected === COMMA && byte === 0x2c) this.#comma();
    else if (this.#expected === COLON && byte === 0x3a) this.#expect(VALUE, false);
    else throw this.#unexpected();
  }

  /** The token is over. */
  #expect(next: number, mayClose: boolean): void {
    this.#expected = next;
    this.#mayClose = mayClose;
    this.#at++;
  }

  /** The first byte of a name or a value. */
  #open(byte: number): void {
    const isName = this.#expected === NAME;
    if (byte === 0x22) {
      this.#expect(isName ? REST_OF_NAME : REST_OF_STRING, false);
      this.#textStart = this.#at;
      this.#escaped = false;
    } else if (isName) {
      throw this.#unexpected();
    } else if (byte === 0x7b || byte === 0x5b) {
      this.#openContainer(byte === 0x7b);
    } else {
      this.#tell('other');
      this.#literal();
    }
    // What is no object is not even looked through.
    if (this.#depth === 0) throw new RequestError('invalid_json');
  }

  #openContainer(isObject: boolean): void {
    this.#tell(isObject ? 'other' : 'list');
    if (this.#depth === 0 && !isObject) return;
    if (this.#depth === MAX_DEPTH) throw invalid(`it is nested deeper than ${MAX_DEPTH} levels`);
    this.#depth++;
    this.#containers[this.#depth] = isObject ? OBJECT : 0;
    this.#expect(isObject ? NAME : VALUE, true);
  }

  #comma(): void {
    this.#expect(this.#containers[this.#depth] === OBJECT ? NAME : VALUE, false);
  }

  #close(byte: number): void {
    if (byte !== (this.#containers[this.#depth] === OBJECT ? 0x7d : 0x5d)) throw this.#unexpected();
    this.#depth--;
    this.#expect(this.#depth === 0 ? NOTHING : COMMA, this.#depth > 0);
  }

  #text(until: number): void {
    const at = this.#plain.end(this.#at, until);
    this.#at = at;
    if (at === until) return;
    const byte = this.#byte(at);
    if (byte === 0x5c) this.#escape();
    else if (byte === 0x22) this.#endText();
    else throw this.#unexpected();
  }

  #escape(): void {
    const kind = this.#byte(this.#at + 1);
    if (kind === 0x75) {
      for (let digit = 2; digit < 6; digit++) {
        if (!isHexDigit(this.#byte(this.#at + digit))) throw this.#unexpected();
      }
      this.#at += 6;
    } else if (ESCAPES.has(kind)) {
      this.#at += 2;
    } else {
      throw this.#unexpected();
    }
    this.#escaped = true;
  }

  #endText(): void {
    const text = { start: this.#textStart, end: this.#at, escaped: this.#escaped };
    if (this.#expected === REST_OF_NAME) {
      if (this.#depth === 1) this.#events.member(text);
      this.#expect(COLON, false);
    } else {
      this.#tell(text);
      this.#expect(COMMA, true);
    }
  }

  #tell(value: JsonText | 'list' | 'other'): void {
    if (this.#depth === 1 || this.#depth === 2) this.#events.value(this.#depth, value);
  }

  #literal(): void {
    for (const word of LITERALS) {
      if (word[0] !== this.#byte(this.#at)) continue;
      if (!this.#body.subarray(this.#at, this.#at + word.length).equals(word)) throw this.#unexpected();
      this.#at += word.length - 1;
      this.#expect(COMMA, true);
      return;
    }
    this.#number = 'start';
    this.#expected = REST_OF_NUMBER;
    this.#digits(this.#at + 1);
  }

  #digits(until: number): void {
    while (this.#at < until) {
      const next = nextNumberState(this.#number, this.#byte(this.#at));
      if (next !== null) {
        this.#number = next;
        this.#at++;
        continue;
      }
      if (!isCompleteNumber(this.#number)) throw this.#unexpected();
      this.#expected = COMMA;
      this.#mayClose = true;
      return;
    }
  }

  /** Beyond the end a control character, which fits nowhere. */
  #byte(at: number): number {
    return this.#body[at] ?? 0;
  }

  #unexpected(): RequestError {
    if (this.#at >= this.#body.length)
      return invalid(`it ends in the middle, after ${this.#body.length} bytes`);
    return invalid(`byte ${this.#at} does not belong there`);
  }
}

const isHexDigit = (byte: number): boolean =>
  (byte >= 0x30 && byte <= 0x39) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);

const invalid = (why: string) => new RequestError('invalid_json', `The body is not valid JSON: ${why}.`);
