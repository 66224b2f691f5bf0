import sharp from 'sharp';
import { expect, it } from 'vitest';
import { exifSegment, ORIENTATION, SHORT, withSegments } from './exif.fixture.js';
import { ripples } from './ripples.fixture.js';
import { turnUpright, uprightSize } from './turn-upright.js';

it.each([1, 2, 3, 4, 5, 6, 7, 8])('turns pixels as libvips does: orientation %i', async (orientation) => {
  const size = { width: 24, height: 16 };
  const stored = await ripples(size.width, size.height).jpeg().toBuffer();
  const entry = { tag: ORIENTATION, type: SHORT, count: 1, value: orientation };
  const file = withSegments(stored, exifSegment({ bigEndian: false, entries: [entry] }));
  const { data, info } = await sharp(file, { autoOrient: true }).raw().toBuffer({ resolveWithObject: true });
  const pixels = await sharp(stored).raw().toBuffer();
  expect(uprightSize(size, orientation)).toEqual({ width: info.width, height: info.height });
  expect(Buffer.from(turnUpright(pixels, size, orientation)).equals(data)).toBe(true);
});
