import sharp, { type Sharp } from 'sharp';

/** A smooth picture with detail, so that decoders that differ by much are told apart. */
export function ripples(width: number, height: number): Sharp {
  const pixels = Buffer.alloc(width * height * 3);
  for (let n = 0; n < width * height; n++) {
    const [x, y] = [n % width, Math.floor(n / width)];
    pixels.set([128 + 100 * Math.sin(x / 9), 128 + 100 * Math.cos(y / 7), (x + y) % 256], n * 3);
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}
