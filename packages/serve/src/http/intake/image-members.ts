import { quoted } from '../quoted.js';
import { RequestError } from '../request-error.js';
import type { JsonEvents, JsonText } from './json-scanner.js';
import { shortText } from './json-text.js';

const ONE = 'image_base64';
const SEVERAL = 'images_base64';
/** Names that are told where none is the right one. */
const NAMES_TOLD = 3;

export interface ListedTexts {
  /** Up to one more than may be sent. */
  readonly elements: (JsonText | 'other')[];
  count: number;
}

/** Finds the two members that carry images. As with `JSON.parse`, the last of a name counts. */
export class ImageMembers implements JsonEvents {
  one: JsonText | 'other' | undefined;
  several: ListedTexts | 'other' | undefined;
  readonly #names: string[] = [];
  /** Name of the member whose value comes next. */
  #name: string | null = null;
  /** The list whose elements come next. */
  #list: ListedTexts | null = null;

  constructor(
    readonly body: Buffer,
    readonly maxImages: number,
  ) {}

  member(name: JsonText): void {
    const told = this.#names.length < NAMES_TOLD;
    this.#name = told || mayBeOurs(name) ? shortText(this.body, name) : null;
    if (told && this.#name !== null) this.#names.push(this.#name);
  }

  value(depth: 1 | 2, value: JsonText | 'list' | 'other'): void {
    const text = value === 'list' ? 'other' : value;
    if (depth === 2) {
      this.#element(text);
      return;
    }
    this.#list = null;
    if (this.#name === ONE) this.one = text;
    if (this.#name !== SEVERAL) return;
    if (value === 'list') this.#list = { elements: [], count: 0 };
    this.several = this.#list ?? 'other';
  }

  missing(): RequestError {
    const names = this.#names.map(quoted).join(', ');
    const found = names === '' ? 'an empty object' : `the members ${names}`;
    return new RequestError('missing_image', `Found ${found}; expected ${ONE} or a non-empty ${SEVERAL}.`);
  }

  #element(text: JsonText | 'other'): void {
    if (this.#list === null) return;
    this.#list.count++;
    if (this.#list.elements.length <= this.maxImages) this.#list.elements.push(text);
  }
}

/** By its length, so that millions of other names cost little. */
const mayBeOurs = ({ start, end, escaped }: JsonText): boolean =>
  escaped || end - start === ONE.length || end - start === SEVERAL.length;
