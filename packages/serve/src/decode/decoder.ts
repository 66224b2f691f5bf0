import type { ImageDecoder } from './image-decoder.js';
import { sniffFormat } from './image-format.js';
import { plainJpegDecoder } from './plain-jpeg-decoder.js';
import { type SharpDecoderOptions, sharpDecoder } from './sharp-decoder.js';
import { turboDecoder } from './turbo-decoder.js';
import { loadTurboJpeg } from './turbojpeg-library.js';

/**
 * With `--fast-decode`, larger JPEG files go through libvips, which shrinks while it decodes; up to here decoding
 * whole is as fast (bench/decoders.mjs).
 */
const MAX_WHOLE_PIXELS_IF_FAST = 320_000;

/** The allow-list, then the first decoder that takes the file: the fastest first, the most general last. */
export function createDecoder(options: SharpDecoderOptions): ImageDecoder {
  const general = sharpDecoder(options);
  const { maxPixels, fastDecode, cropRatio } = options;
  const jpegDecoders = exactJpegDecoders(
    fastDecode ? Math.min(maxPixels, MAX_WHOLE_PIXELS_IF_FAST) : maxPixels,
    cropRatio,
  );

  return {
    async decode(bytes, size, target) {
      const format = sniffFormat(bytes);
      if (format === 'forbidden') return { ok: false, code: 'unsupported_image_format' };
      if (format === 'unknown') return { ok: false, code: 'invalid_image' };
      for (const decodeJpeg of format === 'jpeg' ? jpegDecoders : []) {
        if (await decodeJpeg(bytes, size, target)) return { ok: true };
      }
      return general.decode(bytes, size, target);
    },
  };
}

/** For files that need nothing but decoding; all give the same pixels. */
function exactJpegDecoders(maxPixels: number, cropRatio: number | undefined) {
  const library = loadTurboJpeg();
  const viaLibvips = plainJpegDecoder(maxPixels, cropRatio);
  return library === undefined ? [viaLibvips] : [turboDecoder(library, maxPixels, cropRatio), viaLibvips];
}
