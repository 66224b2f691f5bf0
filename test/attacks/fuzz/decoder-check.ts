import { createDecoder } from '@servelab/serve/internal/decoder';
import { sniffFormat } from '@servelab/serve/internal/image-format';
import { placement } from '@servelab/serve/internal/placement';
import { createScaler } from '@servelab/serve/internal/scaler';
import sharp from 'sharp';

const SIZE = 64;
const MAX_PIXELS = 4_000_000;
/** Refusals that are ours alone: a decoder that reads anything knows no limits. */
const OWN_REFUSALS = ['image_too_large', 'image_too_complex', 'unsupported_image_format'];
/** Rounding on the way through another order of the same steps, in levels of 255. */
const MEAN_TOLERANCE = 2;

const READING = { failOn: 'error', ignoreIcc: true, limitInputPixels: MAX_PIXELS } as const;

const LIMITS = { maxPixels: MAX_PIXELS, maxSide: 16_384 };
const exact = createDecoder({ ...LIMITS, exactDecode: true });
const byDefault = createDecoder({ ...LIMITS, exactDecode: false });
const scale = createScaler();

/**
 * What our decoders make of a file, held against the whole way through libvips with its defaults.
 *
 * @public loaded by check-host.ts
 */
export async function check(bytes: Buffer): Promise<string | null> {
  const pixels = new Uint8Array(SIZE * SIZE * 3).fill(7);
  const other = await byDefault.decode(bytes, SIZE, pixels);
  const result = await exact.decode(bytes, SIZE, pixels);
  if (other.ok !== result.ok) return 'scaling while decoding changes whether it is decoded';
  if (!result.ok && OWN_REFUSALS.includes(result.code)) return null;
  if (!result.ok && result.code !== 'invalid_image') return `answered ${result.code}`;
  const reference = await general(bytes);
  if (typeof reference === 'string') return result.ok ? `decoded, though it is: ${reference}` : null;
  // By its first bytes it is none of the formats, however lenient libvips is with those.
  if (!result.ok && sniffFormat(bytes) === 'unknown') return null;
  if (!result.ok) return 'refused, though it can be decoded';
  const mean = meanDifference(pixels, reference);
  return mean > MEAN_TOLERANCE ? `pixels differ by ${mean.toFixed(1)} levels on average` : null;
}

/** Upright pixels first, scaled afterwards: in one go libvips may scale on another grid than the upright image's. */
async function general(bytes: Buffer): Promise<Uint8Array | string> {
  try {
    const { data, info } = await sharp(bytes, READING)
      .autoOrient()
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const { width, height, channels } = info;
    if (channels !== 3) return `an image of ${channels} channels`;
    const size = { width, height };
    const scaled = new Uint8Array(SIZE * SIZE * 3);
    scale({ pixels: data, size, denominator: 1 }, placement(size, SIZE), scaled);
    return scaled;
  } catch (error) {
    return (error as Error).message;
  }
}

function meanDifference(a: Uint8Array, b: Uint8Array): number {
  let sum = 0;
  for (let n = 0; n < a.length; n++) sum += Math.abs((a[n] ?? 0) - (b[n] ?? 0));
  return sum / a.length;
}
