import {
  brotliCompressSync,
  brotliDecompressSync,
  deflateRawSync,
  deflateSync,
  gunzipSync,
  gzipSync,
  inflateSync,
} from 'node:zlib';
import type { Random } from '@servelab/core';
import { IMAGES } from '../../fixtures/images.js';
import { faultOfProblem } from '../http/send-body.js';
import { mutateBytes } from '../inputs/mutate-bytes.js';
import { chance, pick, randomBytes, randomInteger } from '../inputs/random-input.js';
import { zerosAsGzip, zerosAsZlib } from '../inputs/zeros-deflated.js';
import { serverTarget } from './server-target.js';

const BODY_LIMIT = 16 * 1024 * 1024;
const CODERS = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync } as const;
const DECODERS = { gzip: gunzipSync, deflate: inflateSync, br: brotliDecompressSync } as const;
type Coding = keyof typeof CODERS;
const CODINGS = ['gzip', 'deflate', 'br'] as const;

/** What the server may answer: with a prediction, or with one of these statuses. */
type Right = readonly number[];

interface Coded {
  readonly header: string;
  readonly bytes: Buffer;
  readonly right: Right;
}

/** Bodies in content codings: whole, damaged, cut off, in each other, bombs, and codings that nobody knows. */
export const codingsTarget = serverTarget({
  name: 'codings',
  atOnce: 4,
  make(random) {
    const { header, bytes, right } = coded(random);
    return {
      bytes,
      how: `POST /predict as image/png, content-encoding: ${header}`,
      expected: { header, right },
    };
  },
  async check({ bytes, expected }, server) {
    const { header, right } = expected as { header: string; right: Right };
    const headers = { 'content-type': 'image/png', 'content-encoding': header };
    const answer = await server.post({ headers, body: bytes });
    // Four bombs at once may spend the budget of all bodies together.
    if (!right.includes(answer.status) && answer.status !== 429) {
      return `answered ${answer.status}, not ${right.join(' or ')}: ${answer.text.slice(0, 200)}`;
    }
    return faultOfProblem(answer);
  },
});

function coded(random: Random): Coded {
  const coding = pick(random, CODINGS);
  const whole = CODERS[coding](IMAGES.png);
  const kind = random();
  if (kind < 0.3) return { header: spelled(coding, random), bytes: whole, right: [200] };
  if (kind < 0.6) return { header: coding, ...judged(coding, mutateBytes(whole, random)) };
  if (kind < 0.7) return { header: coding, ...judged(coding, oddForm(coding, random)) };
  if (kind < 0.8) {
    const second = pick(random, CODINGS);
    // Each of the two is known; a server may say that it takes one only.
    return { header: `${coding}, ${second}`, bytes: CODERS[second](whole), right: [200, 415] };
  }
  if (kind < 0.9) {
    const header = pick(random, [
      'zstd',
      'compress',
      'x',
      'gzip;q=1',
      'utf-8',
      'aws-chunked',
      'gzip gzip',
      '"gzip"',
    ]);
    return { header, bytes: IMAGES.png, right: [415] };
  }
  if (kind < 0.93) {
    const length = randomInteger(random, BODY_LIMIT - 1000, 4 * BODY_LIMIT);
    const right = length > BODY_LIMIT ? [413] : [400];
    return chance(random, 0.5)
      ? { header: 'gzip', bytes: zerosAsGzip(length), right }
      : { header: 'deflate', bytes: zerosAsZlib(length), right };
  }
  return {
    header: pick(random, ['identity', '', ' ', 'identity, identity']),
    bytes: IMAGES.png,
    right: [200, 415],
  };
}

/** Names of codings are of any case. */
function spelled(coding: Coding, random: Random): string {
  const names = coding === 'gzip' ? ['gzip', 'x-gzip', 'GZip', ' gzip '] : [coding, coding.toUpperCase()];
  return pick(random, names);
}

function oddForm(coding: Coding, random: Random): Buffer {
  const whole = CODERS[coding](IMAGES.png);
  const half = Math.floor(IMAGES.png.length / 2);
  return pick<() => Buffer>(random, [
    () => Buffer.alloc(0),
    () =>
      Buffer.concat([
        CODERS[coding](IMAGES.png.subarray(0, half)),
        CODERS[coding](IMAGES.png.subarray(half)),
      ]),
    () => Buffer.concat([whole, randomBytes(random, 20)]),
    () => Buffer.concat([whole, Buffer.alloc(20)]),
    () => deflateRawSync(IMAGES.png),
    () => IMAGES.png,
  ])();
}

const judged = (coding: Coding, bytes: Buffer) => ({ bytes, right: rightFor(coding, bytes) });

/** Held against zlib itself: what it decodes to the image is one, what it refuses is refused. */
function rightFor(coding: Coding, bytes: Buffer): Right {
  try {
    // With `info`, it tells how much it used as well, which its types do not know.
    const told = DECODERS[coding](bytes, { maxOutputLength: BODY_LIMIT, info: true }) as unknown as Decoded;
    if (!told.buffer.equals(IMAGES.png)) return [200, 400, 413, 415];
    // What follows the end of a stream is ignored by some decoders and refused by others.
    return told.engine.bytesWritten === bytes.length ? [200] : [200, 400];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return [413];
    // Without its two bytes of header "deflate" is wrong, and common.
    return coding === 'deflate' ? [200, 400] : [400];
  }
}

interface Decoded {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}
