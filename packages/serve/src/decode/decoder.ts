import type { ImageDecoder } from './image-decoder.js';
import { sniffFormat } from './image-format.js';
import { plainJpegDecoder } from './plain-jpeg-decoder.js';
import { type SharpDecoderOptions, sharpDecoder } from './sharp-decoder.js';
import { turboDecoder } from './turbo-decoder.js';

/** The allow-list, then the fastest decoder that takes the file. */
export function createDecoder(options: SharpDecoderOptions): ImageDecoder {
  const general = sharpDecoder(options);
  const decodeJpeg = (options.fastDecode ? turboDecoder : plainJpegDecoder)(options.maxPixels);

  return {
    async decode(bytes, size, target) {
      const format = sniffFormat(bytes);
      if (format === 'forbidden') return { ok: false, code: 'unsupported_image_format' };
      if (format === 'unknown') return { ok: false, code: 'invalid_image' };
      if (format === 'jpeg' && (await decodeJpeg(bytes, size, target))) return { ok: true };
      return general.decode(bytes, size, target);
    },
  };
}
