import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { createDecoder } from './decoder.js';
import { placement } from './placement.js';
import { createResampler } from './resample/resampler.js';
import { ripples } from './ripples.fixture.js';
import { createScaler } from './scaler.js';
import { sharpDecoder } from './sharp-decoder.js';
import { turboDecoder } from './turbo-decoder.js';
import { loadTurboJpeg } from './turbojpeg-library.js';

const SIZE = 224;
const RATIO = 0.875;
const options = { maxPixels: 50_000_000, maxSide: 16_384, exactDecode: false, cropRatio: RATIO };
const turbo = loadTurboJpeg();
const scale = createScaler();

const bytesOf = async (decode: (target: Uint8Array) => Promise<unknown>, size = SIZE) => {
  const target = new Uint8Array(size * size * 3);
  expect([true, { ok: true }]).toContainEqual(await decode(target));
  return Buffer.from(target);
};
const viaSharp = (file: Buffer) =>
  bytesOf((target) => sharpDecoder(scale, options).decode(file, SIZE, target));

/** The whole image scaled in one step, the square taken out of its bytes in another. */
async function scaledThenCut(file: Buffer, width: number, height: number): Promise<Buffer> {
  const { scaled, left, top } = placement({ width, height }, SIZE, RATIO);
  const decoded = await sharp(file).removeAlpha().raw().toBuffer();
  const whole = new Uint8Array(scaled.width * scaled.height * 3);
  const axis = (length: number, to: number) => ({ length, extent: length, scaled: to, from: 0, count: to });
  createResampler()(decoded, axis(width, scaled.width), axis(height, scaled.height), whole);
  const rows = Array.from({ length: SIZE }, (_, row) => {
    const start = ((top + row) * scaled.width + left) * 3;
    return whole.subarray(start, start + SIZE * 3);
  });
  return Buffer.concat(rows);
}

describe.each<[name: string, width: number, height: number]>([
  ['landscape', 640, 360],
  ['portrait', 361, 641],
  ['at the size of the model', 224, 224],
  ['at the size that is cut', 256, 256],
  ['smaller', 100, 80],
])('the centre of a JPEG is cut out alike: %s', (_name, width, height) => {
  const encode = () => ripples(width, height).jpeg({ quality: 90, chromaSubsampling: '4:4:4' }).toBuffer();

  it('by the general decoder, as scaling first and cutting afterwards would', async () => {
    const file = await encode();
    expect((await viaSharp(file)).equals(await scaledThenCut(file, width, height))).toBe(true);
  });

  it.skipIf(turbo === undefined)('by libjpeg-turbo (no library for this platform)', async () => {
    if (turbo === undefined) throw new Error('skipped');
    const file = await encode();
    const direct = turboDecoder(turbo, scale, { ...options, exactDecode: true });
    expect((await bytesOf((target) => direct(file, SIZE, target))).equals(await viaSharp(file))).toBe(true);
  });
});

it('other formats are cut alike, alpha on white first', async () => {
  const file = await ripples(300, 500).png().toBuffer();
  expect((await viaSharp(file)).equals(await scaledThenCut(file, 300, 500))).toBe(true);
});

it('an image is turned upright before its centre is cut out', async () => {
  const upright = await ripples(300, 500).png().toBuffer();
  const lying = await sharp(upright).rotate(270).png().withMetadata({ orientation: 6 }).toBuffer();
  expect((await viaSharp(lying)).equals(await viaSharp(upright))).toBe(true);
});

it('the same part is cut out of what is scaled down while it is decoded', async () => {
  const file = await ripples(1600, 900).jpeg({ quality: 95 }).toBuffer();
  const fast = createDecoder(options);
  const [quick, exact] = [await bytesOf((target) => fast.decode(file, SIZE, target)), await viaSharp(file)];
  const difference = quick.reduce((sum, value, at) => sum + Math.abs(value - (exact[at] ?? 0)), 0);
  expect(difference / quick.length).toBeLessThan(2);
});

it('a line of pixels does not ask for the memory of the image that it is scaled to', async () => {
  // 256 x 4,096,000 pixels would be 3 GB.
  const line = await sharp({ create: { width: 1, height: 16_000, channels: 3, background: '#205080' } })
    .png()
    .toBuffer();
  const decoder = createDecoder(options);
  const pixels = await bytesOf((target) => decoder.decode(line, SIZE, target));
  expect([...pixels.subarray(0, 3)]).toEqual([0x20, 0x50, 0x80]);
});
