import type { Random } from '@servelab/core';
import { IMAGES } from '../../fixtures/images.js';
import { faultOfProblem } from '../http/send-body.js';
import { mutateBytes } from '../inputs/mutate-bytes.js';
import { chance, pick, randomInteger } from '../inputs/random-input.js';
import { serverTarget } from './server-target.js';

const IMAGE = IMAGES.gif.toString('base64');
const MOST_IMAGES = 32;
/** Deeper than any client has a reason to nest; where the server stops is its own affair from here on. */
const DEEP = 32;

/** Texts that are JSON, and texts that nearly are: refused as such if and only if JSON.parse refuses them. */
export const jsonTarget = serverTarget({
  name: 'json',
  atOnce: 8,
  make(random) {
    const text = Buffer.from(jsonText(random));
    const bytes = chance(random, 0.4) ? mutateBytes(text, random) : text;
    return { bytes, how: 'POST /predict as application/json' };
  },
  async check({ bytes }, server) {
    const answer = await server.post({ headers: { 'content-type': 'application/json' }, body: bytes });
    const right = rightCodes(bytes);
    const { code = 'ok' } = JSON.parse(answer.text) as { code?: string };
    if (!right.includes(code)) return `answered ${answer.status} ${code}, not ${right.join(' or ')}`;
    return faultOfProblem(answer);
  },
});

/** By what JSON.parse makes of it. */
function rightCodes(bytes: Buffer): readonly string[] {
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return ['invalid_json'];
  }
  if (depthOf(text) > DEEP) return ['invalid_json', ...codesOf(value)];
  return codesOf(value);
}

function codesOf(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return ['invalid_json'];
  const { image_base64: one, images_base64: several } = value as Record<string, unknown>;
  if (one !== undefined && several !== undefined) return ['invalid_json'];
  if (one !== undefined) return typeof one === 'string' ? codesOfImage(one) : ['invalid_json'];
  if (several === undefined) return ['missing_image'];
  if (!Array.isArray(several)) return ['invalid_json'];
  if (several.length === 0) return ['missing_image'];
  return several.length > MOST_IMAGES ? ['too_many_images'] : ['ok'];
}

/** What the image is worth is for others to say, unless it is ours. */
const codesOfImage = (text: string): readonly string[] =>
  text === IMAGE
    ? ['ok']
    : [
        'ok',
        'invalid_base64',
        'invalid_image',
        'missing_image',
        'image_too_large',
        'unsupported_image_format',
      ];

/** Of brackets outside of strings. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (inString && character === '\\') at++;
    else if (character === '"') inString = !inString;
    else if (!inString && (character === '[' || character === '{')) deepest = Math.max(deepest, ++depth);
    else if (!inString && (character === ']' || character === '}')) depth--;
  }
  return deepest;
}

function jsonText(random: Random): string {
  const members = Array.from({ length: randomInteger(random, 0, 4) }, () => member(random));
  const start = pick(random, ['', '', '', '\uFEFF', ' ', '\n', '\uFEFF\uFEFF']);
  const end = pick(random, ['', '', '', '\n', ' ', ',', '}', '\0', ' {}', '//']);
  const whole = chance(random, 0.9)
    ? `{${members.join(pick(random, [',', ' , ', ',\n']))}}`
    : value(random, 3);
  return `${start}${whole}${end}`;
}

function member(random: Random): string {
  const key = pick(random, [
    '"image_base64"',
    '"image_base64"',
    '"images_base64"',
    '"image\\u005fbase64"',
    '"image_base64 "',
    '"IMAGE_BASE64"',
    '"__proto__"',
    '"a\\"b"',
    '""',
    "'image_base64'",
    'image_base64',
    '"\\ud800"',
  ]);
  const isPlain = chance(random, 0.5);
  const what = isPlain ? (key === '"images_base64"' ? images(random) : image(random)) : value(random, 3);
  return `${key}${pick(random, [':', ':', ' : ', '=', ''])}${what}`;
}

const image = (random: Random) =>
  pick(random, [
    `"${IMAGE}"`,
    `"${IMAGE}"`,
    `"${IMAGE.replace('/', '\\/')}"`,
    `"${[...IMAGE].map((character, n) => (n % 7 === 0 ? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}` : character)).join('')}"`,
    '""',
    '"%%%"',
    `"data:image/gif;base64,${IMAGE}"`,
    `"${IMAGE.slice(0, 20)}\n${IMAGE.slice(20)}"`,
    `"${IMAGE}`,
  ]);

const images = (random: Random) =>
  `[${Array.from({ length: pick(random, [0, 1, 2, 3, 32, 33]) }, () => (chance(random, 0.8) ? image(random) : value(random, 1))).join(',')}]`;

function value(random: Random, depth: number): string {
  if (depth > 0 && chance(random, 0.4)) {
    const values = Array.from({ length: randomInteger(random, 0, 3) }, () => value(random, depth - 1));
    return chance(random, 0.5)
      ? `[${values.join(',')}]`
      : `{${values.map((one, n) => `"k${n}":${one}`).join(',')}}`;
  }
  return pick(random, [
    ...[
      'null',
      'true',
      'false',
      '0',
      '-0',
      '1e400',
      '-1.5E-3',
      '01',
      '1.',
      '.5',
      '+1',
      '0x1',
      'NaN',
      'Infinity',
    ],
    ...[
      '"x"',
      '"\\n"',
      '"\\x"',
      '"\\u12"',
      '"\t"',
      '"\\ud83d\\ude00"',
      '"\ud83d\ude00"',
      '"{"',
      '"]"',
      '"\\\\"',
      '"\u2028"',
    ],
    ...[
      'undefined',
      'tru',
      'nul',
      '',
      "'x'",
      '{}',
      '[]',
      '[,]',
      '{,}',
      '[1,]',
      '{"a":1,}',
      '{"image_base64":"AAAA"}',
    ],
    '['.repeat(randomInteger(random, 1, 60)) + ']'.repeat(randomInteger(random, 1, 60)),
    nested(randomInteger(random, 1, 200)),
  ]);
}

const nested = (depth: number) => `${'[{"a":'.repeat(depth)}1${'}]'.repeat(depth)}`;
