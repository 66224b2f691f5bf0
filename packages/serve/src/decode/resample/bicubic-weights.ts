/** How one axis is resampled: which pixels each output pixel is made of, and by how much. */
export interface AxisWeights {
  /** First input pixel of each output pixel. */
  readonly starts: Int32Array;
  /**
   * Of each output pixel `taps` weights, zeros at the end: integers of 22 bits after the point. Laid out by two taps:
   * upper parts of both as 16 bits each, then their 11 lower bits as 16 bits each.
   */
  readonly weights: Int16Array;
  /** A multiple of four. */
  readonly taps: number;
}

/** The axis of the input and the part of its output that is wanted. */
export interface Axis {
  /** Input pixels. */
  readonly length: number;
  /** How much of the input, from its start, the output covers, pixels: what a scaled decoder rounds up. */
  readonly extent: number;
  /** Output pixels, were all of them wanted. */
  readonly scaled: number;
  /** First output pixel wanted, and how many. */
  readonly from: number;
  readonly count: number;
  /** Each input pixel is the mean of many, as a scaled decoder gives it: the blur of that is undone. */
  readonly isAveraged?: boolean;
}

/** Of the cubic kernel, to either side of its center, in output pixels. */
const SUPPORT = 2;
/**
 * The mean over a pixel's width takes sin(pi f) / (pi f) of the amplitude at f cycles a pixel. Taking this share of either
 * neighbor away gives it back, to the second order in f.
 */
const UNBLUR = 1 / 24;
const POINT_BITS = 22;
const LOWER_BITS = 11;
const LOWER = 2 ** LOWER_BITS - 1;

/**
 * The antialiased bicubic filter of Pillow (Resample.c, `precompute_coeffs` and `normalize_coeffs_8bpc`), to the bit.
 */
export function bicubicWeights({
  length,
  extent,
  scaled,
  from,
  count,
  isAveraged = false,
}: Axis): AxisWeights {
  const scale = extent / scaled;
  const filterScale = Math.max(scale, 1);
  const support = SUPPORT * filterScale;
  const reach = isAveraged ? 1 : 0;
  const windows = Array.from({ length: count }, (_, n) => {
    const center = (from + n + 0.5) * scale;
    const first = Math.max(0, Math.trunc(center - support + 0.5));
    const end = Math.min(length, Math.trunc(center + support + 0.5));
    return { center, first, end, start: Math.max(0, first - reach), stop: Math.min(length, end + reach) };
  });
  const longest = windows.reduce((most, { start, stop }) => Math.max(most, stop - start), 0);
  const taps = 4 * Math.ceil(longest / 4);
  const starts = Int32Array.from(windows, ({ start }) => start);
  const weights = new Int16Array(2 * taps * count);
  for (const [n, { center, first, end, start, stop }] of windows.entries()) {
    const shares = cubicShares(first, end, center, filterScale);
    const all = isAveraged ? unblurred(shares, first, start, stop) : shares;
    for (let tap = 0; tap < all.length; tap++) {
      const share = all[tap] as number;
      const fixed = Math.trunc(share * 2 ** POINT_BITS + (share < 0 ? -0.5 : 0.5));
      const at = 2 * (n * taps + (tap & ~1)) + (tap & 1);
      weights[at] = fixed >> LOWER_BITS;
      weights[at + 2] = fixed & LOWER;
    }
  }
  return { starts, weights, taps };
}

/** Of the pixels from `first` up to `end`, 1 in all. */
function cubicShares(first: number, end: number, center: number, filterScale: number): Float64Array {
  const shares = new Float64Array(end - first);
  let sum = 0;
  for (let tap = 0; tap < shares.length; tap++) {
    const weight = cubic((tap + first - center + 0.5) / filterScale);
    shares[tap] = weight;
    sum += weight;
  }
  if (sum !== 0) for (let tap = 0; tap < shares.length; tap++) shares[tap] = (shares[tap] as number) / sum;
  return shares;
}

/** The same weights for pixels whose neighbors, at the edges the pixels themselves, are partly taken away before. */
function unblurred(shares: Float64Array, first: number, start: number, end: number): Float64Array {
  const spread = new Float64Array(end - start);
  const add = (pixel: number, share: number) => {
    const at = Math.min(end - 1, Math.max(start, pixel)) - start;
    spread[at] = (spread[at] as number) + share;
  };
  for (let tap = 0; tap < shares.length; tap++) {
    const share = shares[tap] as number;
    add(first + tap - 1, -share * UNBLUR);
    add(first + tap, share * (1 + 2 * UNBLUR));
    add(first + tap + 1, -share * UNBLUR);
  }
  return spread;
}

/** Keys' cubic with a = -0.5. */
function cubic(distance: number): number {
  const x = Math.abs(distance);
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * -0.5;
  return 0;
}
