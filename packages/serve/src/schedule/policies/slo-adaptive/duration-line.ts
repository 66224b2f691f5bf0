const KEPT = 50;
const SKIPPED = 2;
const COUNTED = SKIPPED + 4;
const REFRESH_INTERVAL_US = 5_000_000;
const LEAST_PER_IMAGE_US = 1;

interface Sample {
  readonly size: number;
  readonly durationUs: number;
  readonly waitUs: number;
}

/**
 * BentoML's `Optimizer`: duration = a n + b by least squares over the last 50 batches, and the mean time that
 * their oldest images had waited; looked at again at most every 5 s.
 */
export class DurationLine {
  readonly #samples: Sample[] = [];
  #perImageUs: number;
  #fixedUs: number;
  #waitUs = 0;
  #counted = 0;
  #tokens = 2;
  #tokenUs: number | undefined;

  /** Until there are samples, it starts from shares of the latency that is allowed. */
  constructor(maxLatencyUs: number) {
    this.#perImageUs = Math.min(2e6, (maxLatencyUs * 2) / 30);
    this.#fixedUs = Math.min(1e6, maxLatencyUs / 30);
  }

  get perImageUs(): number {
    return this.#perImageUs;
  }

  get fixedUs(): number {
    return this.#fixedUs;
  }

  get waitUs(): number {
    return this.#waitUs;
  }

  durationUs(size: number): number {
    return this.#perImageUs * size + this.#fixedUs;
  }

  /** @param waitUs of the oldest image; 0 for a batch of the training */
  add(size: number, waitUs: number, durationUs: number, nowUs: number): void {
    if (this.#counted <= COUNTED) {
      this.#counted++;
      if (this.#counted <= SKIPPED) return;
    }
    this.#samples.push({ size, durationUs, waitUs });
    if (this.#samples.length > KEPT) this.#samples.shift();
    if (this.#mayRefresh(nowUs)) this.refresh();
  }

  refresh(): void {
    const count = this.#samples.length;
    if (count === 0) return;
    const { slope, intercept } = leastSquares(this.#samples);
    this.#perImageUs = Math.max(LEAST_PER_IMAGE_US, slope);
    this.#fixedUs = Math.max(0, intercept);
    this.#waitUs = Math.max(0, this.#samples.reduce((sum, { waitUs }) => sum + waitUs, 0) / count);
  }

  /** A token bucket that starts with two, holds one, and fills at one in five seconds. */
  #mayRefresh(nowUs: number): boolean {
    const passedUs = nowUs - (this.#tokenUs ?? nowUs);
    const tokens = Math.min(1, this.#tokens + passedUs / REFRESH_INTERVAL_US);
    if (tokens < 1) return false;
    this.#tokens = tokens - 1;
    this.#tokenUs = nowUs;
    return true;
  }
}

/** As numpy.linalg.lstsq: of many lines that fit alike (one size only) the one with the least coefficients. */
function leastSquares(samples: readonly Sample[]): { slope: number; intercept: number } {
  const count = samples.length;
  const meanSize = samples.reduce((sum, { size }) => sum + size, 0) / count;
  const meanUs = samples.reduce((sum, { durationUs }) => sum + durationUs, 0) / count;
  let covariance = 0;
  let variance = 0;
  for (const { size, durationUs } of samples) {
    covariance += (size - meanSize) * (durationUs - meanUs);
    variance += (size - meanSize) ** 2;
  }
  if (variance === 0) {
    const share = meanUs / (meanSize ** 2 + 1);
    return { slope: share * meanSize, intercept: share };
  }
  const slope = covariance / variance;
  return { slope, intercept: meanUs - slope * meanSize };
}
