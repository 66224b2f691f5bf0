import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Random, seededRandom } from '@servelab/core';
import type { ImageSize } from './image-mix.js';

/** Pixels of a decoded picture: RGB, 8 bits, rows from the top. */
export interface Picture extends ImageSize {
  readonly pixels: Buffer;
}

const WIDTH = 1024;
const HEIGHT = 768;
const COUNT = 6;
/** Cells across the picture, coarse to fine; each octave has 1/cells^0.3 of the contrast. */
const OCTAVES = [2, 5, 11, 23, 47, 97, 211, 443];
const FALL_OFF = 0.3;

/**
 * Stand-ins for the photographs where there is no network: seeded noise in octaves, whose JPEG sizes and
 * decode costs are like a photograph's. They show nothing, so no answer to them is right.
 */
export async function generatePictures(seed: number): Promise<Picture[]> {
  const pictures: Picture[] = [];
  for (let index = 0; index < COUNT; index++) {
    const random = seededRandom(seed, `picture ${index}`);
    pictures.push({ width: WIDTH, height: HEIGHT, pixels: await paint(random) });
  }
  return pictures;
}

async function paint(random: Random): Promise<Buffer> {
  const channels = [0, 1, 2].map(() => new Float32Array(WIDTH * HEIGHT).fill(128));
  for (const cells of OCTAVES) {
    // All of them take seconds, during which a signal must be heard.
    await nextTurn();
    const contrast = 190 / cells ** FALL_OFF;
    const shared = noiseGrid(cells, random);
    for (const channel of channels) {
      // Mostly grey: the colours of neighbours in a photograph move together.
      addOctave(channel, shared, cells, contrast * 0.8);
      addOctave(channel, noiseGrid(cells, random), cells, contrast * 0.2);
    }
  }
  const pixels = Buffer.allocUnsafe(WIDTH * HEIGHT * 3);
  for (const [offset, channel] of channels.entries()) {
    for (let i = 0; i < channel.length; i++) {
      pixels[i * 3 + offset] = Math.max(0, Math.min(255, Math.round(channel[i] ?? 0)));
    }
  }
  return pixels;
}

/** Values in [-0.5, 0.5) at the corners of cells x cells squares. */
function noiseGrid(cells: number, random: Random): Float32Array {
  return Float32Array.from({ length: (cells + 1) ** 2 }, () => random() - 0.5);
}

/** Adds the grid to a channel, interpolated between its corners. */
function addOctave(channel: Float32Array, grid: Float32Array, cells: number, contrast: number): void {
  const corner = (x: number, y: number) => grid[y * (cells + 1) + x] ?? 0;
  for (let y = 0; y < HEIGHT; y++) {
    const gy = (y * cells) / HEIGHT;
    const [row, fy] = [Math.floor(gy), gy % 1];
    for (let x = 0; x < WIDTH; x++) {
      const gx = (x * cells) / WIDTH;
      const [column, fx] = [Math.floor(gx), gx % 1];
      const top = corner(column, row) * (1 - fx) + corner(column + 1, row) * fx;
      const bottom = corner(column, row + 1) * (1 - fx) + corner(column + 1, row + 1) * fx;
      const at = y * WIDTH + x;
      channel[at] = (channel[at] ?? 0) + contrast * (top * (1 - fy) + bottom * fy);
    }
  }
}
