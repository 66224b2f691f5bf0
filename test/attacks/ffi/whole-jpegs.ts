import sharp, { type JpegOptions } from 'sharp';
import { fileOf, MARKER, part } from './jpeg-parts.js';

export interface WholeJpeg {
  readonly name: string;
  readonly bytes: Buffer;
  /** What every decoder makes of it, `[height, width, 3]`; null for what is not for the fast path, as CMYK. */
  readonly pixels: Buffer | null;
}

interface Recipe {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly space?: 'srgb' | 'b-w' | 'cmyk';
  readonly options?: JpegOptions;
}

/** Small and odd sizes, so that blocks and subsampled rows stand over the edge by every amount. */
const RECIPES: readonly Recipe[] = [
  { name: '4:2:0', width: 33, height: 17 },
  { name: '4:2:0 of one pixel', width: 1, height: 1 },
  { name: '4:2:0 of one row', width: 47, height: 1 },
  { name: '4:2:0 of one column', width: 1, height: 47 },
  { name: '4:2:0 of four blocks', width: 16, height: 16, options: { optimizeCoding: false } },
  { name: '4:4:4', width: 17, height: 17, options: { chromaSubsampling: '4:4:4', optimizeCoding: false } },
  { name: 'fine 4:4:4', width: 15, height: 9, options: { chromaSubsampling: '4:4:4', quality: 100 } },
  { name: 'progressive', width: 41, height: 23, options: { progressive: true } },
  {
    name: 'progressive 4:4:4',
    width: 9,
    height: 31,
    options: { progressive: true, chromaSubsampling: '4:4:4' },
  },
  { name: 'mozjpeg', width: 31, height: 33, options: { mozjpeg: true } },
  { name: 'grey', width: 19, height: 7, space: 'b-w' },
  { name: 'progressive grey', width: 25, height: 25, space: 'b-w', options: { progressive: true } },
  { name: 'CMYK', width: 20, height: 13, space: 'cmyk' },
  { name: 'progressive CMYK', width: 13, height: 20, space: 'cmyk', options: { progressive: true } },
];

let made: Promise<WholeJpeg[]> | undefined;

export const wholeJpegs = (): Promise<WholeJpeg[]> => {
  made ??= Promise.all([...RECIPES.map(encoded), withRestarts(61, 21, 3), withRestarts(16, 40, 1)]);
  return made;
};

async function encoded({ name, width, height, space = 'srgb', options = {} }: Recipe): Promise<WholeJpeg> {
  const source = sharp(picture(width, height), { raw: { width, height, channels: 3 } });
  const bytes = await source.toColourspace(space).jpeg(options).toBuffer();
  return { name, bytes, pixels: space === 'cmyk' ? null : await generalPixels(bytes) };
}

/** A slope, an edge and some noise in each colour. */
function picture(width: number, height: number): Buffer {
  const pixels = Buffer.alloc(width * height * 3);
  for (let n = 0; n < pixels.length; n++) {
    const [x, y] = [Math.floor(n / 3) % width, Math.floor(n / 3 / width)];
    pixels[n] = ((n % 3) * 60 + x * 5 + (y > 11 ? 90 : 0) + ((n * 40503) % 23)) % 256;
  }
  return pixels;
}

/** libvips writes no restart markers: a file of one grey, each block of it two bits, "as before" and "no more". */
async function withRestarts(width: number, height: number, interval: number): Promise<WholeJpeg> {
  const blocks = Math.ceil(width / 8) * Math.ceil(height / 8);
  const oneCode = [1, ...Array<number>(15).fill(0), 0];
  const coded: number[] = [];
  for (let done = 0, restart = 0; done < blocks; done += interval, restart = (restart + 1) % 8) {
    if (done > 0) coded.push(0xff, 0xd0 + ((restart + 7) % 8));
    const bits = 2 * Math.min(interval, blocks - done);
    for (let left = bits; left > 0; left -= 8) coded.push(left >= 8 ? 0 : 0xff >> left);
  }
  const size = [height >> 8, height & 0xff, width >> 8, width & 0xff];
  const bytes = fileOf([
    part(MARKER.quantizationTables, [0, ...Array<number>(64).fill(1)]),
    part(MARKER.baseline, [8, ...size, 1, 1, 0x11, 0]),
    part(MARKER.huffmanTables, [0x00, ...oneCode]),
    part(MARKER.huffmanTables, [0x10, ...oneCode]),
    part(MARKER.restartInterval, [interval >> 8, interval & 0xff]),
    part(MARKER.startOfScan, [1, 1, 0x00, 0, 63, 0], Buffer.from(coded)),
  ]);
  return { name: `restarts every ${interval}`, bytes, pixels: await generalPixels(bytes) };
}

/** What libvips makes of a file when it does nothing else with it; a rejection where it refuses it. */
export async function generalPixels(
  bytes: Uint8Array,
  failOn: 'error' | 'warning' = 'error',
): Promise<Buffer> {
  const image = sharp(bytes, { failOn, ignoreIcc: true, limitInputPixels: 4_000_000 });
  return await image.toColourspace('srgb').raw({ depth: 'uchar' }).toBuffer();
}
