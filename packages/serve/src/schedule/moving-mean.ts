/** An exponentially weighted mean: each new value has at least the share that is given. */
export class MovingMean {
  readonly #newestShare: number;
  #count: number;
  #mean: number;

  /**
   * @param initially the mean before the first value
   * @param newestShare 0 to 1: about the last 2 / share values count
   * @param initialWeight how many values `initially` stands for. With 0 the first value replaces it, and the mean is a
   *   plain one until values have the smallest share; with infinity every value has that share from the first on
   */
  constructor(initially: number, newestShare: number, initialWeight: number) {
    this.#mean = initially;
    this.#newestShare = newestShare;
    this.#count = initialWeight;
  }

  get value(): number {
    return this.#mean;
  }

  add(value: number): void {
    this.#count++;
    this.#mean += Math.max(this.#newestShare, 1 / this.#count) * (value - this.#mean);
  }
}
