import type { Random } from '@servelab/core';
import { mutateBytes } from './mutate-bytes.js';
import { chance, pick, randomInteger } from './random-input.js';

const NUMBERS = [
  '0',
  '-1',
  '-0',
  '1e308',
  '1e999',
  '-1e999',
  '9007199254740993',
  '0.1',
  'NaN',
  'Infinity',
  '""',
  'null',
  '1e-320',
  '4294967296',
  '12:30',
  '1_000',
  '0x10',
  '١',
];
const WORDS = [
  '',
  'null',
  'true',
  '{}',
  '[]',
  '[[[]]]',
  '"',
  "'",
  '__proto__',
  'constructor',
  '\0',
  '\u2028',
  '\ud800',
  'N/A',
  '../..',
  '|',
  '<b>',
  '\x1b[2J',
  '{{image_base64}}',
  '%s',
  '$x',
  '10s',
  '$.a[',
  '-',
  '&a',
  '*a',
  '!!js/function',
  '- ',
];

const MOST_CHARACTERS = 100_000_000;

/** Changes values, lines and keys of a text, and keeps most of its form. */
export function mutateText(original: string, random: Random): Buffer {
  let text = original;
  const changes = randomInteger(random, 1, 5);
  for (let n = 0; n < changes; n++) text = change(text, random);
  const bytes = chance(random, 0.05) ? Buffer.from(`\uFEFF${text}`, 'utf16le') : Buffer.from(text);
  return chance(random, 0.3) ? mutateBytes(bytes, random) : bytes;
}

/** At most so many times, or fewer where it would be longer than strings are: five changes may each make it longer. */
const fitting = (times: number, found: string): number =>
  Math.max(1, Math.min(times, Math.floor(MOST_CHARACTERS / found.length)));

function change(text: string, random: Random): string {
  switch (randomInteger(random, 0, 6)) {
    case 0:
      return replaceOne(text, /-?\d+(?:\.\d+)?/g, () => pick(random, NUMBERS), random);
    case 1:
      return replaceOne(text, /[A-Za-z_]{2,}/g, () => pick(random, WORDS), random);
    case 2:
      return replaceOne(
        text,
        /[,:{}[\]"\n-]/g,
        () => pick(random, [',', ':', '{', '}', '[', ']', '"', '\n', '', ' ']),
        random,
      );
    case 3: {
      const lines = text.split('\n');
      const at = Math.floor(random() * lines.length);
      lines.splice(at, chance(random, 0.5) ? 1 : 0, pick(random, lines));
      return lines.join('\n');
    }
    case 4: {
      const lines = text.split('\n');
      return lines.slice(0, 1 + Math.floor(random() * lines.length)).join('\n');
    }
    case 5: {
      const depth = pick(random, [3, 100, 5000]);
      return replaceOne(
        text,
        /-?\d+(?:\.\d+)?|"[^"]*"/g,
        () => '['.repeat(depth) + ']'.repeat(depth),
        random,
      );
    }
    default:
      return replaceOne(
        text,
        /\S+/g,
        (found) => found.repeat(fitting(pick(random, [2, 1000]), found)),
        random,
      );
  }
}

function replaceOne(text: string, pattern: RegExp, by: (found: string) => string, random: Random): string {
  const matches = [...text.matchAll(pattern)];
  if (matches.length === 0) return text;
  const { index, 0: found } = pick(random, matches);
  return text.slice(0, index) + by(found) + text.slice(index + found.length);
}
