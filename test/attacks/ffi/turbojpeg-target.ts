import type { Random } from '@servelab/core';
import { plainJpeg, readJpegHeader } from '@servelab/serve/internal/jpeg-header';
import { chance, pick } from '../inputs/random-input.js';
import { type Decoded, DecodeStream } from './decode-stream.js';
import { partsOf } from './jpeg-parts.js';
import { changed, EITHER, REFUSED, spliced } from './malformed-jpegs.js';
import { type WholeJpeg, wholeJpegs } from './whole-jpegs.js';

const LIMITS = { maxPixels: 4_000_000, maxSide: 16_384 };
/** Share of the cases in which nothing was changed: whatever came before, these are decoded as ever. */
const UNCHANGED = 0.05;

export interface JpegCase {
  readonly bytes: Buffer;
  /** The file and what was done to it. */
  readonly how: string;
  readonly expected: 'refused' | 'either' | { readonly hash: number };
}

/** JPEG to the shared library behind the server's FFI, each byte that it touches watched. A target for `make fuzz`. */
export const turboJpegTarget = {
  name: 'turbojpeg',
  open: async (how: 'guard' | 'valgrind' = 'guard') => {
    const whole = await wholeJpegs();
    const stream = DecodeStream.start(how);
    return {
      atOnce: 1,
      make: (random: Random): JpegCase => caseOf(whole, random),
      check: async ({ bytes, expected }: { readonly bytes: Buffer; readonly expected?: unknown }) =>
        await fault(stream, bytes, expected as JpegCase['expected']),
      close: () => stream.close(),
    };
  },
};

function caseOf(whole: readonly WholeJpeg[], random: Random): JpegCase {
  const { name, bytes, pixels } = pick(random, whole);
  if (chance(random, UNCHANGED)) {
    return { bytes, how: name, expected: pixels === null ? 'refused' : { hash: fnv1a(pixels) } };
  }
  const parts = partsOf(bytes);
  if (chance(random, 0.05)) {
    const other = pick(random, whole);
    return {
      bytes: spliced(parts, partsOf(other.bytes), random),
      how: `${name} and ${other.name}`,
      expected: 'either',
    };
  }
  const isRefused = chance(random, 0.4);
  const kinds = Object.entries(isRefused ? REFUSED : EITHER);
  const [kind, change] = pick(random, kinds);
  let file = changed(parts, change, random);
  // A second change may undo what makes a file one to be refused.
  const isDouble = chance(random, 0.3);
  if (isDouble) file = changedBits(file, random);
  return {
    bytes: file,
    how: `${name}: ${kind}${isDouble ? ', other bits' : ''}`,
    expected: isRefused && !isDouble ? 'refused' : 'either',
  };
}

function changedBits(file: Buffer, random: Random): Buffer {
  const copy = Buffer.from(file);
  for (let n = 0; n < 2 && copy.length > 0; n++)
    copy[Math.floor(random() * copy.length)] = Math.floor(random() * 256);
  return copy;
}

async function fault(
  stream: DecodeStream,
  bytes: Buffer,
  expected: JpegCase['expected'],
): Promise<string | null> {
  const size = plainJpeg(readJpegHeader(bytes), LIMITS);
  // What our reading of the header keeps from the library is tried all the same: nothing may rest on one check.
  const decoded = await stream.decode(bytes, size);
  if (isBroken(decoded)) return `${decoded.verdict}: ${decoded.why}`;
  const isTaken = size !== null && decoded.verdict === 'ok';
  if (expected === 'refused') return isTaken ? 'taken, though it is to be refused' : null;
  if (expected === 'either') return null;
  if (!isTaken) return `a whole file was refused (${decoded.verdict}): ${decoded.why}`;
  return decoded.hash === expected.hash ? null : 'a whole file has other pixels than libvips gives';
}

const isBroken = ({ verdict }: Decoded): boolean =>
  verdict === 'ended' || verdict === 'underrun' || verdict === 'unstable' || verdict === 'unwritten';

function fnv1a(bytes: Uint8Array): number {
  let hash = 2166136261;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 16777619);
  return hash >>> 0;
}
