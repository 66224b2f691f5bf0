import { beforeAll, describe, expect, it } from 'vitest';
import { manyScanJpeg } from '../../../../test/fixtures/many-scan-jpeg.js';
import { createDecoder } from './decoder.js';
import { segment, withSegments } from './exif.fixture.js';
import { hasMoreScans, scanLimit } from './jpeg-scans.js';
import { ripples } from './ripples.fixture.js';

const OPTIONS = { maxPixels: 100_000, maxSide: 1000, exactDecode: false };
const SIZE = 32;

/** Ten scans, as encoders write them. */
let progressive: Buffer;
let baseline: Buffer;
beforeAll(async () => {
  progressive = await ripples(100, 80).jpeg({ progressive: true }).toBuffer();
  baseline = await ripples(100, 80).jpeg().toBuffer();
});

const refusal = async (file: Buffer, options = OPTIONS) => {
  const result = await createDecoder(options).decode(file, SIZE, new Uint8Array(SIZE * SIZE * 3));
  return result.ok ? 'ok' : result.code;
};

describe('the number of scans', () => {
  it.each<[name: string, file: () => Buffer, scans: number]>([
    ['one', () => baseline, 1],
    ['ten', () => progressive, 10],
    ['many', () => manyScanJpeg(100, 80, 300), 300],
    [
      'a thumbnail has its own',
      () => withSegments(baseline, segment(0xe1, Buffer.from('Exif\0\0'), progressive)),
      1,
    ],
    ['what follows the image is none of it', () => Buffer.concat([baseline, progressive, progressive]), 1],
    [
      'garbage between segments is passed over',
      () => withSegments(progressive, Buffer.of(1, 2, 0xff, 0xff)),
      10,
    ],
    ['cut off', () => progressive.subarray(0, progressive.lastIndexOf(Buffer.of(0xff, 0xda)) + 1), 9],
    ['none', () => Buffer.of(0xff, 0xd8, 0xff), 0],
  ])('%s', (_name, file, scans) => {
    expect(hasMoreScans(file(), scans)).toBe(false);
    if (scans > 0) expect(hasMoreScans(file(), scans - 1)).toBe(true);
  });

  it('is found in one pass of 16 MB, whatever they look like', () => {
    // One marker too many, in a comment, asks for the walk; the data follows the last scan.
    const scans = withSegments(manyScanJpeg(100, 80, 60), segment(0xfe, Buffer.of(0xff, 0xda))).subarray(
      0,
      -2,
    );
    for (const pair of [Buffer.of(0xff, 0x00), Buffer.of(0xff, 0xff), Buffer.of(0xff, 0xd0)]) {
      const file = Buffer.concat([scans, Buffer.alloc(16 * 1024 * 1024, pair)]);
      expect(hasMoreScans(file, 60)).toBe(false);
      expect(hasMoreScans(file, 59)).toBe(true);
    }
  });
});

describe('how many scans are welcome', () => {
  it.each<[pixels: number | undefined, limit: number]>([
    [undefined, 50],
    [50_000_000, 50],
    [25_000_000, 100],
    [4_000_000, 625],
    [1_000_000, 2500],
    [50_176, 2500],
    [0, 2500],
  ])('in %s of 50 megapixels: %s', (pixels, limit) => {
    expect(scanLimit(pixels, { maxPixels: 50_000_000 })).toBe(limit);
  });

  it('at the largest size that is allowed 50 are decoded and 51 are not', async () => {
    const limits = { ...OPTIONS, maxPixels: 8000 };
    expect(await refusal(manyScanJpeg(100, 80, 50), limits)).toBe('ok');
    expect(await refusal(manyScanJpeg(100, 80, 51), limits)).toBe('image_too_complex');
    expect(await refusal(manyScanJpeg(100, 80, 51), { ...limits, maxPixels: 7999 })).toBe('image_too_large');
  });

  it('however the header is hidden from our reader', async () => {
    const garbage = [segment(0xfe, Buffer.from('a comment')), Buffer.of(0)];
    const limits = { ...OPTIONS, maxPixels: 1_000_000 };
    expect(await refusal(withSegments(manyScanJpeg(100, 80, 50), ...garbage), limits)).toBe('ok');
    expect(await refusal(withSegments(manyScanJpeg(100, 80, 51), ...garbage), limits)).toBe(
      'image_too_complex',
    );
  });
});
