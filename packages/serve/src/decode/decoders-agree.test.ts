import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import type * as JpegTurbo from '@julusian/jpeg-turbo';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createDecoder } from './decoder.js';
import { exifSegment, ORIENTATION, segment, withSegments } from './exif.fixture.js';
import type { ImageDecoder } from './image-decoder.js';
import { ripples } from './ripples.fixture.js';
import { createScaler } from './scaler.js';
import { sharpDecoder } from './sharp-decoder.js';
import { turboDecoder } from './turbo-decoder.js';
import { loadTurboJpeg } from './turbojpeg-library.js';

const SIZE = 32;
const OPTIONS = { maxPixels: 1_000_000, maxSide: 16_384, exactDecode: false };
const served = createDecoder(OPTIONS);
const scale = createScaler();
const general = sharpDecoder(scale, OPTIONS);
const turbo = loadTurboJpeg();

/** By which a file is taken for JPEG. */
const JPEG_START = 3;
const FORMATS = ['png', 'webp', 'gif', 'avif', 'tiff'] as const;
let jpegs: Buffer[];

beforeAll(async () => {
  const square = ripples(SIZE, SIZE);
  const adobe = segment(0xee, Buffer.from('Adobe\0\x64\0\0\0\0\x01'));
  const orientation = { tag: ORIENTATION, type: 3, count: 1, value: 1 };
  const plain = await square.clone().jpeg().toBuffer();
  jpegs = [
    plain,
    withSegments(plain, exifSegment({ bigEndian: true, entries: [orientation] }), adobe),
    await ripples(40, 24).jpeg({ progressive: true }).toBuffer(),
    await ripples(33, 17).jpeg({ chromaSubsampling: '4:4:4' }).toBuffer(),
    await square.clone().greyscale().jpeg().toBuffer(),
    await square.clone().toColourspace('cmyk').jpeg().toBuffer(),
  ];
});

const pixelsOf = (target: Uint8Array): string => createHash('sha256').update(target).digest('hex');

/** The hash of its pixels, or the code of the refusal. */
async function outcome(decoder: ImageDecoder, file: Buffer): Promise<string> {
  const target = new Uint8Array(SIZE * SIZE * 3);
  const result = await decoder.decode(file, SIZE, target);
  return result.ok ? pixelsOf(target) : result.code;
}

interface Change {
  /** Where, as a share of the file; small ones are tried more often, for that is where the headers are. */
  readonly place: number;
  readonly byte: number;
}

/** Bytes that mean something in a header: markers, small counts, sampling factors. */
const telling = fc.constantFrom(
  ...[0x00, 0x01, 0x02, 0x03, 0x04, 0x08, 0x0c, 0x11, 0x12, 0x21, 0x22, 0x41, 0x52],
  ...[0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc9, 0xcc, 0xd0, 0xd8, 0xd9, 0xda, 0xdb, 0xdc, 0xdd, 0xe1, 0xee, 0xff],
);
const change: fc.Arbitrary<Change> = fc.record({
  place: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }).map((at) => at ** 2),
  byte: fc.oneof(telling, fc.integer({ min: 0, max: 255 })),
});

function changed(file: Buffer, changes: readonly Change[], from: number): Buffer {
  const copy = Buffer.from(file);
  for (const { place, byte } of changes) copy[from + Math.floor(place * (file.length - from))] = byte;
  return copy;
}

describe('whatever the header says, the short ways and the general decoder give the same pixels or the same refusal', () => {
  it('damaged JPEG files', async () => {
    const damage = fc.record({
      which: fc.nat(),
      changes: fc.array(change, { minLength: 1, maxLength: 3 }),
      cut: fc.option(fc.double({ min: 0.1, max: 1, noNaN: true }), { freq: 10 }),
    });
    await fc.assert(
      fc.asyncProperty(damage, async ({ which, changes, cut }) => {
        const file = changed(jpegs[which % jpegs.length] as Buffer, changes, JPEG_START);
        const kept = file.subarray(0, Math.ceil((cut ?? 1) * file.length));
        expect(await outcome(served, kept)).toBe(await outcome(general, kept));
      }),
      { numRuns: 1000, seed: 1 },
    );
  });

  // Cameras write 4:2:2, which sharp cannot.
  it.skipIf(turbo === undefined).each([
    ['4:4:4', 'SAMP_444'],
    ['4:2:2', 'SAMP_422'],
    ['4:2:0', 'SAMP_420'],
    ['4:4:0', 'SAMP_440'],
    ['grey', 'SAMP_GRAY'],
  ] as const)('chroma sampled %s', async (_name, sampling) => {
    const encoder = createRequire(import.meta.url)('@julusian/jpeg-turbo') as typeof JpegTurbo;
    for (const [width, height] of [
      [SIZE, SIZE],
      [37, 23],
    ] as const) {
      const subsampling = encoder[sampling];
      const format = encoder.FORMAT_RGB;
      const pixels = await ripples(width, height).raw().toBuffer();
      const file = encoder.compressSync(pixels, { format, width, height, subsampling, quality: 90 });
      const target = new Uint8Array(SIZE * SIZE * 3);
      if (turbo !== undefined)
        expect(await turboDecoder(turbo, scale, OPTIONS)(file, SIZE, target)).toBe(true);
      expect(pixelsOf(target)).toBe(await outcome(general, file));
    }
  });
});

it.each(FORMATS)('a damaged %s file is decoded or refused, never more', async (format) => {
  const file = await ripples(20, 12)[format]().toBuffer();
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 2 }), async (changes) => {
      const answer = await outcome(served, changed(file, changes, 0));
      expect(answer).toMatch(/^([0-9a-f]{64}|invalid_image|image_too_large|unsupported_image_format)$/);
    }),
    { numRuns: 100, seed: 1 },
  );
});
