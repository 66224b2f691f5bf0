import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import '../scripts/data-sources.mjs';

/** A photograph where SERVELAB_IMAGE_SOURCE names a folder of them, else a picture with about as much detail. */
async function source() {
  try {
    return await readFile(join(process.env.SERVELAB_IMAGE_SOURCE ?? '', 'cat_720p.jpg'));
  } catch {
    const [width, height] = [1280, 720];
    const pixels = Buffer.alloc(width * height * 3);
    for (let n = 0; n < pixels.length; n++) {
      const at = Math.floor(n / 3);
      pixels[n] = 128 + 70 * Math.sin((at % width) / 13) + 50 * Math.cos(at / width / 7) + ((n * 7919) % 17);
    }
    return sharp(pixels, { raw: { width, height, channels: 3 } })
      .jpeg({ quality: 90 })
      .toBuffer();
  }
}

/** A JPEG of these dimensions. */
export async function sampleJpeg(width, height, options = {}) {
  const image = sharp(await source()).resize(width, height, { fit: 'fill' });
  return image.jpeg({ quality: 95, ...options }).toBuffer();
}
