/** Gaps that are kept: enough for some dozens of bursts. */
const LONGEST = 4096;
/** Older gaps say little about the present rate; they count only where fewer than `FEWEST` are newer. */
const HORIZON_US = 60_000_000;
const FEWEST = 512;

/** The last arrivals, and how often they come. */
export class ArrivalWindow {
  /** A ring of moments, microseconds. */
  readonly #momentsUs = new Float64Array(LONGEST + 1);
  #count = 0;
  #next = 0;
  #seen = 0;

  add(atUs: number): void {
    this.#momentsUs[this.#next] = atUs;
    this.#next = (this.#next + 1) % this.#momentsUs.length;
    this.#count = Math.min(this.#count + 1, this.#momentsUs.length);
    this.#seen++;
  }

  /** Arrivals ever. */
  get seen(): number {
    return this.#seen;
  }

  /** Mean time between arrivals, the silence since the last one included; infinity before there were two. */
  meanGapUs(nowUs: number): number {
    const gaps = this.#recentGaps(nowUs);
    if (gaps < 1) return Number.POSITIVE_INFINITY;
    return (Math.max(nowUs, this.#moment(0)) - this.#moment(gaps)) / gaps;
  }

  /** Oldest first. */
  gapsUs(nowUs: number): Float64Array {
    const gaps = this.#recentGaps(nowUs);
    return Float64Array.from({ length: gaps }, (_, n) => this.#moment(gaps - 1 - n) - this.#moment(gaps - n));
  }

  /** How many of the kept gaps count at this moment. */
  #recentGaps(nowUs: number): number {
    const most = Math.max(0, this.#count - 1);
    if (most <= FEWEST || nowUs - this.#moment(most) <= HORIZON_US) return most;
    let [few, many] = [FEWEST, most];
    while (few < many) {
      const middle = (few + many + 1) >> 1;
      if (nowUs - this.#moment(middle) <= HORIZON_US) few = middle;
      else many = middle - 1;
    }
    return few;
  }

  /** The moment of the newest arrival (0), the one before (1), ... */
  #moment(age: number): number {
    const { length } = this.#momentsUs;
    return this.#momentsUs[(this.#next - 1 - age + 2 * length) % length] as number;
  }
}
