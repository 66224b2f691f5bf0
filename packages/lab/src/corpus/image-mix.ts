import { type Random, seededRandom } from '@servelab/core';

/**
 * A kind of upload: all its images have the same dimensions, because decode cost can reverse a ranking.
 * Qualities are spread over the range, so that no two uploads are alike in size.
 */
export interface ImageMix {
  readonly width: number;
  readonly height: number;
  readonly quality: readonly [lowest: number, highest: number];
}

/** `224` is about 22 kB an image, `720p` about 120 kB, `phone` about 1 MB. */
export const IMAGE_MIXES = {
  '224': { width: 224, height: 224, quality: [90, 98] },
  '720p': { width: 1280, height: 720, quality: [75, 90] },
  phone: { width: 4032, height: 3024, quality: [80, 90] },
} as const satisfies Record<string, ImageMix>;
export type ImageMixName = keyof typeof IMAGE_MIXES;

export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** One image to make: a rectangle of a source, stretched by nothing but its scale. */
export interface Crop extends ImageSize {
  readonly source: number;
  readonly left: number;
  readonly top: number;
  readonly quality: number;
}

/** A crop shows at least this share of the largest rectangle that fits: the subject stays to be seen. */
const SMALLEST_SCALE = 0.6;

/** Seeded crops of the sources in turn; a function of its arguments alone. */
export function planCrops(mix: ImageMix, sources: readonly ImageSize[], count: number, seed: number): Crop[] {
  const random = seededRandom(seed, 'crops');
  return Array.from({ length: count }, (_, index) => {
    const source = index % sources.length;
    return { source, ...cropOf(sources[source] ?? mix, mix, random) };
  });
}

function cropOf(source: ImageSize, mix: ImageMix, random: Random): Omit<Crop, 'source'> {
  const scale = SMALLEST_SCALE + (1 - SMALLEST_SCALE) * random();
  const largest = Math.min(source.width / mix.width, source.height / mix.height);
  const width = Math.floor(mix.width * largest * scale);
  const height = Math.floor(mix.height * largest * scale);
  const [lowest, highest] = mix.quality;
  return {
    width,
    height,
    left: Math.floor(random() * (source.width - width + 1)),
    top: Math.floor(random() * (source.height - height + 1)),
    quality: lowest + Math.floor(random() * (highest - lowest + 1)),
  };
}
