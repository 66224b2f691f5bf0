import { crc32 } from 'node:zlib';
import { IMAGES } from '../../fixtures/images.js';
import { manyScanJpeg } from './many-scan-jpeg.js';
import { zerosAsZlib } from './zeros-deflated.js';

/** 49 megapixels: just below the default of --max-image-pixels. */
const SIDE = 7000;
const PNG_RGBA = 6;
const PNG_GREY = 0;

/** Small files of large images, legal as far as their format goes, that are dear to decode. */
export const IMAGE_BOMBS: Readonly<Record<string, () => Buffer>> = {
  'JPEG of 49 megapixels in 2,647 scans': () => manyScanJpeg(SIDE, SIDE, 2647),
  'JPEG of 4 megapixels in 2,647 scans': () => manyScanJpeg(2000, 2000, 2647),
  'PNG of one row of 50,000,000': () => png(50_000_000, 1, { depth: 1, colour: PNG_GREY }),
  'PNG of one column of 50,000,000': () => png(1, 50_000_000, { depth: 1, colour: PNG_GREY }),
  'PNG, interlaced': () => png(SIDE, SIDE, { depth: 8, colour: PNG_RGBA, interlaced: true }),
  'PNG of 16 bits, interlaced': () => png(SIDE, SIDE, { depth: 16, colour: PNG_RGBA, interlaced: true }),
  'TIFF of 16 bits': () => tiff(SIDE, SIDE, 1),
  'TIFF of 16 bits in one strip': () => tiff(SIDE, SIDE, SIDE),
  'GIF of two thousand frames on a large canvas': () => animatedGif(SIDE, SIDE, 2000),
  'WebP of two thousand frames on a large canvas': () => animatedWebp(SIDE, SIDE, 2000),
};

interface PngKind {
  readonly depth: number;
  readonly colour: typeof PNG_GREY | typeof PNG_RGBA;
  readonly interlaced?: boolean;
}

/** First column, first row, and the steps between, of each pass. */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** All zeros. */
export function png(width: number, height: number, { depth, colour, interlaced = false }: PngKind): Buffer {
  const bits = depth * (colour === PNG_RGBA ? 4 : 1);
  const bytesOf = (columns: number, rows: number) =>
    columns === 0 ? 0 : rows * (1 + Math.ceil((columns * bits) / 8));
  const steps = (length: number, first: number, step: number) =>
    Math.max(0, Math.ceil((length - first) / step));
  const bytes = interlaced
    ? ADAM7.reduce(
        (sum, [x, y, stepX, stepY]) => sum + bytesOf(steps(width, x, stepX), steps(height, y, stepY)),
        0,
      )
    : bytesOf(width, height);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, colour, 0, 0, interlaced ? 1 : 0], 8);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', header),
    pngChunk('IDAT', zerosAsZlib(bytes)),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

function pngChunk(type: string, data: Uint8Array): Buffer {
  const chunk = Buffer.alloc(12 + data.length);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write(type, 4, 'latin1');
  chunk.set(data, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length);
  return chunk;
}

/** Black RGB of 16 bits; all strips are the same bytes of the file. */
export function tiff(width: number, height: number, rowsPerStrip: number): Buffer {
  const strip = zerosAsZlib(width * rowsPerStrip * 6);
  const strips = height / rowsPerStrip;
  const entries = 9;
  const afterDirectory = 8 + 2 + 12 * entries + 4;
  const offsetsAt = afterDirectory + 6;
  const lengthsAt = offsetsAt + 4 * strips;
  const stripAt = lengthsAt + 4 * strips;
  const file = Buffer.alloc(stripAt + strip.length);
  file.write('II*\0', 0, 'latin1');
  file.writeUInt32LE(8, 4);
  file.writeUInt16LE(entries, 8);
  let at = 10;
  const entry = (tag: number, type: 'short' | 'long', count: number, value: number) => {
    file.writeUInt16LE(tag, at);
    file.writeUInt16LE(type === 'short' ? 3 : 4, at + 2);
    file.writeUInt32LE(count, at + 4);
    file.writeUInt32LE(value, at + 8);
    at += 12;
  };
  entry(0x100, 'long', 1, width);
  entry(0x101, 'long', 1, height);
  entry(0x102, 'short', 3, afterDirectory); // bits of each sample
  entry(0x103, 'short', 1, 8); // deflate
  entry(0x106, 'short', 1, 2); // RGB
  entry(0x111, 'long', strips, strips === 1 ? stripAt : offsetsAt);
  entry(0x115, 'short', 1, 3); // samples a pixel
  entry(0x116, 'long', 1, rowsPerStrip);
  entry(0x117, 'long', strips, strips === 1 ? strip.length : lengthsAt);
  for (let n = 0; n < 3; n++) file.writeUInt16LE(16, afterDirectory + 2 * n);
  for (let n = 0; n < strips; n++) {
    file.writeUInt32LE(stripAt, offsetsAt + 4 * n);
    file.writeUInt32LE(strip.length, lengthsAt + 4 * n);
  }
  file.set(strip, stripAt);
  return file;
}

/** Frames of 16 x 12 on a canvas of any size. */
export function animatedGif(width: number, height: number, frames: number): Buffer {
  const { gif } = IMAGES;
  const tableEnd = 13 + 6; // two colours
  const start = Buffer.from(gif.subarray(0, tableEnd));
  start.write('GIF89a', 0, 'latin1');
  start.writeUInt16LE(width, 6);
  start.writeUInt16LE(height, 8);
  const frame = gif.subarray(tableEnd, gif.length - 1);
  return Buffer.concat([start, ...Array<Buffer>(frames).fill(frame), Buffer.from(';')]);
}

/** Frames of 16 x 12 on a canvas of any size. */
export function animatedWebp(width: number, height: number, frames: number): Buffer {
  const picture = IMAGES.webp.subarray(12);
  const extended = Buffer.alloc(10);
  extended[0] = 0x02; // animated
  extended.writeUIntLE(width - 1, 4, 3);
  extended.writeUIntLE(height - 1, 7, 3);
  const frame = Buffer.alloc(16);
  frame.writeUIntLE(15, 6, 3);
  frame.writeUIntLE(11, 9, 3);
  frame.writeUIntLE(10, 12, 3); // milliseconds
  const chunks = Buffer.concat([
    riffChunk('VP8X', extended),
    riffChunk('ANIM', Buffer.alloc(6)),
    ...Array<Buffer>(frames).fill(riffChunk('ANMF', Buffer.concat([frame, picture]))),
  ]);
  return riffChunk('RIFF', Buffer.concat([Buffer.from('WEBP'), chunks]));
}

function riffChunk(type: string, data: Uint8Array): Buffer {
  const chunk = Buffer.alloc(8 + data.length + (data.length % 2));
  chunk.write(type, 0, 'latin1');
  chunk.writeUInt32LE(data.length, 4);
  chunk.set(data, 8);
  return chunk;
}
