/** Buckets an octave: each is 4.4 % wide. */
const PER_OCTAVE = 16;
const OCTAVES = 40;

/**
 * Durations in logarithmic buckets, for the figures shown while load runs; the report's come from the
 * records. A quantile is right to within one bucket (4.4 %).
 */
export class LiveHistogram {
  private readonly counts = new Uint32Array(PER_OCTAVE * OCTAVES);
  private total = 0;

  add(us: number): void {
    const bucket = Math.floor(Math.log2(Math.max(us, 1)) * PER_OCTAVE);
    const index = Math.min(bucket, this.counts.length - 1);
    this.counts[index] = (this.counts[index] ?? 0) + 1;
    this.total++;
  }

  /** The middle of the bucket that holds the quantile; null before the first value. */
  quantileUs(q: number): number | null {
    if (this.total === 0) return null;
    let left = Math.ceil(q * this.total);
    const bucket = this.counts.findIndex((count) => {
      left -= count;
      return left <= 0;
    });
    return 2 ** ((bucket + 0.5) / PER_OCTAVE);
  }
}
