import sharp, { type Metadata, type ResizeOptions, type Sharp, type SharpOptions } from 'sharp';
import type { DecodeResult, DecoderOptions, ImageDecoder } from './image-decoder.js';
import { isWholeImage, type Placement, placement, type Size } from './placement.js';
import type { Scaler } from './scaler.js';
import { exceeds } from './size-limits.js';

/** Colour profiles are left unapplied, as in the peers' decoders. */
const READING = {
  failOn: 'error',
  ignoreIcc: true,
  sequentialRead: true,
  autoOrient: true,
} as const satisfies SharpOptions;
const STRETCHED = { fit: 'fill', kernel: 'cubic' } as const satisfies ResizeOptions;
/** Larger ones are scaled by libvips, row by row as they are decoded, unless every pixel counts: whole they cost 3 bytes a pixel. */
const MOST_WHOLE_PIXELS = 16_000_000;

// One image at a time on one thread, and nothing kept: the worker's memory is bounded by its largest image.
sharp.cache(false);
sharp.concurrency(1);

// Formats were sniffed before; should a crafted file still look like another one to libvips, it has no
// loader for that.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Heif', 'Tiff'].map((name) => `VipsForeignLoad${name}`),
});

/** Every format of the allow-list, through libvips: upright, on white, 8-bit RGB, scaled with a bicubic filter. */
export function sharpDecoder(
  scale: Scaler,
  { exactDecode, cropRatio, reserve, ...limits }: DecoderOptions,
): ImageDecoder {
  async function decode(bytes: Uint8Array, size: number, target: Uint8Array): Promise<DecodeResult> {
    // The header alone, without libvips' own limit: an image over ours is told from a broken one.
    const header = await sharp(bytes, { ...READING, limitInputPixels: false }).metadata();
    if (exceeds(header, limits)) return { ok: false, code: 'image_too_large' };
    const release = reserve?.(header.width * header.height);
    try {
      return await decodePixels(bytes, header, size, target);
    } finally {
      release?.();
    }
  }

  async function decodePixels(
    bytes: Uint8Array,
    header: Metadata,
    size: number,
    target: Uint8Array,
  ): Promise<DecodeResult> {
    const upright = header.autoOrient;
    const place = placement(upright, size, cropRatio);
    const isScaledWhole = exactDecode || header.width * header.height <= MOST_WHOLE_PIXELS;
    const image = sharp(bytes, { ...READING, limitInputPixels: limits.maxPixels });
    image.flatten({ background: '#ffffff' }).toColourspace('srgb');
    if (!isScaledWhole) fit(image, upright, place);
    const { data, info } = await image.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
    const { width, height } = isScaledWhole ? upright : { width: size, height: size };
    if (info.channels !== 3 || data.length !== width * height * 3) {
      throw new Error(`decoded to ${info.width}x${info.height}x${info.channels}`);
    }
    if (isScaledWhole && !isWholeImage(place, upright))
      scale({ pixels: data, size: upright, denominator: 1 }, place, target);
    else target.set(data);
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
function fit(image: Sharp, { width, height }: Size, { scaled, left, top, size }: Placement): void {
  image.extract({ left: 0, top: 0, width, height }).resize(scaled.width, scaled.height, STRETCHED);
  if (scaled.width !== size || scaled.height !== size) {
    image.extract({ left, top, width: size, height: size });
  }
}
