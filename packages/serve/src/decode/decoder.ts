import type { DecodeResult, DecoderOptions, ImageDecoder } from './image-decoder.js';
import { sniffFormat } from './image-format.js';
import { type JpegHeader, readJpegHeader } from './jpeg-header.js';
import { hasMoreScans, scanLimit } from './jpeg-scans.js';
import { createScaler } from './scaler.js';
import { sharpDecoder } from './sharp-decoder.js';
import { exceeds, type SizeLimits } from './size-limits.js';
import { turboDecoder } from './turbo-decoder.js';
import { loadTurboJpeg } from './turbojpeg-library.js';

/**
 * The allow-list, then what a JPEG file would cost, then the first decoder that takes the file: the fastest first, the
 * most general last.
 */
export function createDecoder(options: DecoderOptions): ImageDecoder {
  const scale = createScaler();
  const general = sharpDecoder(scale, options);
  const library = loadTurboJpeg();
  const direct = library === undefined ? undefined : turboDecoder(library, scale, options);

  async function decodeJpeg(bytes: Uint8Array, size: number, target: Uint8Array): Promise<DecodeResult> {
    const header = readJpegHeader(bytes);
    if (isTooComplex(bytes, header, options)) return { ok: false, code: 'image_too_complex' };
    if (direct !== undefined && (await direct(bytes, size, target, header))) return { ok: true };
    return general.decode(bytes, size, target);
  }

  return {
    async decode(bytes, size, target) {
      const format = sniffFormat(bytes);
      if (format === 'forbidden') return { ok: false, code: 'unsupported_image_format' };
      if (format === 'unknown') return { ok: false, code: 'invalid_image' };
      return await (format === 'jpeg' ? decodeJpeg : general.decode)(bytes, size, target);
    },
  };
}

/** Of a file that is too large no number of scans is welcome: the general decoder says so, as of other formats. */
function isTooComplex(bytes: Uint8Array, header: JpegHeader | undefined, limits: SizeLimits): boolean {
  if (header !== undefined && exceeds(header, limits)) return false;
  const pixels = header === undefined ? undefined : header.width * header.height;
  return hasMoreScans(bytes, scanLimit(pixels, limits));
}
