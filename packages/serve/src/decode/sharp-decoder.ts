import sharp, { type ResizeOptions, type Sharp, type SharpOptions } from 'sharp';
import type { DecodeResult, ImageDecoder } from './image-decoder.js';
import { type Placement, placement } from './placement.js';
import { exceeds, type SizeLimits } from './size-limits.js';

export interface SharpDecoderOptions extends SizeLimits {
  readonly fastDecode: boolean;
  /** See `placement`: undefined stretches the whole image. */
  readonly cropRatio?: number | undefined;
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
 * Every format of the allow-list, through libvips: upright, on white, 8-bit RGB, scaled with a bicubic
 * kernel.
 */
export function sharpDecoder({ fastDecode, cropRatio, ...limits }: SharpDecoderOptions): ImageDecoder {
  const input: SharpOptions = { ...READING, autoOrient: true };

  async function decode(bytes: Uint8Array, size: number, target: Uint8Array): Promise<DecodeResult> {
    // The header alone, without libvips' own limit: an image over ours is told from a broken one.
    const { width, height, autoOrient } = await sharp(bytes, {
      ...input,
      limitInputPixels: false,
    }).metadata();
    if (exceeds({ width, height }, limits)) return { ok: false, code: 'image_too_large' };

    const image = sharp(bytes, { ...input, limitInputPixels: limits.maxPixels });
    image.flatten({ background: '#ffffff' }).toColourspace('srgb');
    const place = placement(autoOrient, size, cropRatio);
    if (fastDecode) fit(image, place, size);
    else fitWhole(image, autoOrient, place, size);
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
 * Scales every pixel there is. libvips would shrink JPEG and WebP while decoding, which blurs differently;
 * cutting out the whole area first forbids it.
 */
export function fitWhole(
  image: Sharp,
  { width, height }: { width: number; height: number },
  place: Placement,
  size: number,
): void {
  fit(image.extract({ left: 0, top: 0, width, height }), place, size);
}

/** Scales RGB pixels with the kernel that whole files are scaled with. */
export async function fitRgb(
  pixels: Uint8Array,
  { width, height }: { width: number; height: number },
  place: Placement,
  size: number,
): Promise<Uint8Array> {
  return await fit(sharp(pixels, { raw: { width, height, channels: 3 } }), place, size)
    .raw()
    .toBuffer();
}

function fit(image: Sharp, { scaled, left, top }: Placement, size: number): Sharp {
  image.resize(scaled.width, scaled.height, STRETCHED);
  const isCut = scaled.width !== size || scaled.height !== size;
  return isCut ? image.extract({ left, top, width: size, height: size }) : image;
}
