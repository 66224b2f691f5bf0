import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RequestError } from '../request-error.js';
import { ImageMembers } from './image-members.js';
import { JsonScanner } from './json-scanner.js';

/** What the scanner finds, however few bytes it looks at in a turn: the members in words, or null for no JSON object. */
function scanned(text: Buffer, bytesATurn: number) {
  const members = new ImageMembers(text, 1000);
  const scanner = new JsonScanner(text, 0, members);
  try {
    while (!scanner.advance(bytesATurn));
  } catch (error) {
    if (error instanceof RequestError && error.code === 'invalid_json') return null;
    throw error;
  }
  const textOf = (value: typeof members.one) =>
    value === undefined || value === 'other'
      ? value
      : (JSON.parse(`"${text.toString('utf8', value.start, value.end)}"`) as string);
  const { one, several } = members;
  return {
    one: textOf(one),
    several: typeof several === 'object' ? several.elements.map(textOf) : several,
  };
}

/** The same by JSON.parse. */
function parsed(text: Buffer) {
  let value: unknown;
  try {
    value = JSON.parse(text.toString('utf8'));
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const own = (name: string): unknown => Object.getOwnPropertyDescriptor(value, name)?.value;
  const textOf = (member: unknown) => (typeof member === 'string' ? member : 'other');
  const [one, several] = [own('image_base64'), own('images_base64')];
  return {
    one: one === undefined ? undefined : textOf(one),
    several: Array.isArray(several) ? several.map(textOf) : several === undefined ? undefined : 'other',
  };
}

const name = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('image_base64', 'images_base64') },
  fc.constantFrom('__proto__', '', 'image_base6\u0134'),
  fc.string({ unit: 'binary' }),
);
const value = fc.oneof(
  fc.array(fc.oneof(fc.string(), fc.jsonValue({ maxDepth: 2 }))),
  fc.string({ unit: 'binary' }),
  fc.jsonValue(),
);
const blanks = fc.string({ unit: fc.constantFrom(' ', '\n', '\t', '\r'), maxLength: 3 });
/** A JSON string in which letters are escaped that need not be. */
const written = (text: string) =>
  JSON.stringify(text).replaceAll(/[gs/]/g, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`);
const objectText = fc
  .tuple(fc.array(fc.tuple(name, value), { maxLength: 5 }), blanks, fc.boolean())
  .map(([members, blank, indented]) => {
    const body = members.map(
      ([key, member]) =>
        `${blank}${indented ? written(key) : JSON.stringify(key)}${blank}:${JSON.stringify(member, null, indented ? 1 : 0)}`,
    );
    return `${blank}{${body.join(`${blank},`)}${blank}}${blank}`;
  });

const TOKENS = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"image_base64"',
  '"images_base64"',
  '"a"',
  '""',
  '1',
  '-0.5e+3',
];
const ODD_TOKENS = [
  '01',
  '-',
  '1.',
  '.5',
  '1e',
  '+1',
  'true',
  'false',
  'null',
  'nul',
  'NaN',
  '"\\u00"',
  '"\\x"',
];
const ODD_BYTES = [
  '"\t"',
  '"\u0000"',
  '"\u007f"',
  '\u00a0',
  '\u000b',
  '\ufeff',
  "'a'",
  '/**/',
  '"a',
  '\\',
  '"\ud800"',
];

describe('what the scanner takes and finds is what JSON.parse does', () => {
  const same = (text: string | Buffer, bytesATurn: number) => {
    const body = Buffer.from(text);
    expect(scanned(body, bytesATurn)).toEqual(parsed(body));
  };
  const turn = fc.integer({ min: 1, max: 40 });

  it('for JSON objects', () => {
    fc.assert(fc.property(objectText, turn, same), { numRuns: 500 });
  });

  it('for objects of which some bytes were changed', () => {
    const changed = fc
      .tuple(
        objectText,
        fc.array(fc.tuple(fc.nat(), fc.oneof(fc.nat(255), fc.constantFrom(...Buffer.from('{}[],:"\\u0e-'))))),
      )
      .map(([text, changes]) => {
        const body = Buffer.from(text);
        for (const [at, byte] of changes) body[at % body.length] = byte;
        return body;
      });
    fc.assert(fc.property(changed, turn, same), { numRuns: 2000 });
  });

  it('for tokens in any order', () => {
    const tokens = fc.array(fc.constantFrom(...TOKENS, ...ODD_TOKENS, ...ODD_BYTES, ' '), { maxLength: 12 });
    fc.assert(
      fc.property(tokens, turn, (list, bytes) => same(list.join(''), bytes)),
      { numRuns: 2000 },
    );
    const member = fc.constantFrom(
      ...ODD_TOKENS,
      ...ODD_BYTES,
      '1E5',
      '-0',
      '1e-10',
      '12.50',
      '"\\u00e9\\n\\/"',
    );
    fc.assert(
      fc.property(member, turn, (odd, bytes) => same(`{"image_base64":${odd}}`, bytes)),
      { numRuns: 500 },
    );
  });
});

it('does not nest deeper than 512 levels', () => {
  const nested = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
  expect(scanned(Buffer.from(nested(512)), 1000)).not.toBeNull();
  expect(scanned(Buffer.from(nested(513)), 1000)).toBeNull();
  expect(scanned(Buffer.from(`{"a":${'['.repeat(10_000)}`), 1000)).toBeNull();
});
