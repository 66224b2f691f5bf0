import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { animatedGif, animatedWebp, png, tiff } from './image-bombs.js';
import { manyScanJpeg } from './many-scan-jpeg.js';

// What the attacks send is what it says: legal files, which are refused for what they cost and for nothing else.
describe.each<[name: string, file: Buffer, format: string, width: number, height: number]>([
  ['JPEG of many scans', manyScanJpeg(123, 77, 2647), 'jpeg', 123, 77],
  ['PNG', png(1001, 3, { depth: 1, colour: 0 }), 'png', 1001, 3],
  ['interlaced PNG', png(43, 21, { depth: 8, colour: 6, interlaced: true }), 'png', 43, 21],
  ['interlaced PNG of 16 bits', png(7, 5, { depth: 16, colour: 6, interlaced: true }), 'png', 7, 5],
  ['TIFF in strips', tiff(30, 20, 1), 'tiff', 30, 20],
  ['TIFF in one strip', tiff(30, 20, 20), 'tiff', 30, 20],
  ['animated GIF', animatedGif(100, 80, 20), 'gif', 100, 80],
  ['animated WebP', animatedWebp(100, 80, 20), 'webp', 100, 80],
])('a %s', (_name, file, format, width, height) => {
  it('is read by libvips without a warning', async () => {
    expect(await sharp(file).metadata()).toMatchObject({ format, width, height });
    const { info } = await sharp(file, { failOn: 'warning' }).raw().toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width, height });
  });
});

it('the JPEG has a scan for each bit of each coefficient', () => {
  const file = manyScanJpeg(8, 8, 2647);
  const scans = file.toString('latin1').split('\xff\xda').length - 1;
  expect(scans).toBe(1 + 3 * 63 * 14);
});
