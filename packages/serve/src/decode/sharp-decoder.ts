import sharp, { type ResizeOptions, type Sharp, type SharpOptions } from 'sharp';
import type { DecodeResult, ImageDecoder } from './image-decoder.js';

export interface SharpDecoderOptions {
  readonly maxPixels: number;
  readonly fastDecode: boolean;
}

/** Colour profiles are left unapplied, as in the peers' decoders. */
export const READING = {
  failOn: 'error',
  ignoreIcc: true,
  sequentialRead: true,
} as const satisfies SharpOptions;
const STRETCHED = { fit: 'fill', kernel: 'cubic' } as const satisfies ResizeOptions;

// One image at a time on one thread, and nothing kept: the worker's memory is bounded by its largest image.
sharp.cache(false);
sharp.concurrency(1);

// Formats were sniffed before; should a crafted file still look like another one to libvips, it has no
// loader for that.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Heif', 'Tiff'].map((name) => `VipsForeignLoad${name}`),
});

/**
 * Every format of the allow-list, through libvips: upright, on white, 8-bit RGB, stretched with a bicubic
 * kernel.
 */
export function sharpDecoder({ maxPixels, fastDecode }: SharpDecoderOptions): ImageDecoder {
  const input: SharpOptions = { ...READING, autoOrient: true };

  async function decode(bytes: Uint8Array, size: number, target: Uint8Array): Promise<DecodeResult> {
    // The header alone, without libvips' own limit: an image over ours is told from a broken one.
    const { width, height, autoOrient } = await sharp(bytes, {
      ...input,
      limitInputPixels: false,
    }).metadata();
    if (width * height > maxPixels) return { ok: false, code: 'image_too_large' };

    const image = sharp(bytes, { ...input, limitInputPixels: maxPixels });
    image.flatten({ background: '#ffffff' }).toColourspace('srgb');
    if (fastDecode) image.resize(size, size, STRETCHED);
    else resizeWhole(image, autoOrient, size);
    const { data, info } = await image.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
    if (info.channels !== 3 || data.length !== target.length) {
      throw new Error(`decoded to ${info.width}x${info.height}x${info.channels}`);
    }
    target.set(data);
    return { ok: true };
  }

  return {
    decode: (bytes, size, target) =>
      // libvips tells what is wrong with a file only in words; all of them mean that it cannot be decoded.
      decode(bytes, size, target).catch(() => ({ ok: false, code: 'invalid_image' })),
  };
}

/**
 * Stretches every pixel there is. libvips would shrink JPEG and WebP while decoding, which blurs differently;
 * cutting out the whole area first forbids it.
 */
export function resizeWhole(
  image: Sharp,
  { width, height }: { width: number; height: number },
  size: number,
): void {
  image.extract({ left: 0, top: 0, width, height }).resize(size, size, STRETCHED);
}

/** Stretches RGB pixels with the kernel that whole files are resized with. */
export async function resizeRgb(
  pixels: Uint8Array,
  width: number,
  height: number,
  size: number,
): Promise<Uint8Array> {
  return await sharp(pixels, { raw: { width, height, channels: 3 } })
    .resize(size, size, STRETCHED)
    .raw()
    .toBuffer();
}
