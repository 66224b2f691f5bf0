/**
 * Which parts of a memory are taken, in units. A run of free units is found first fit, so that the same few units, warm
 * in the caches, serve a light load.
 */
export class UnitAllocator {
  /** 1 where the unit is taken. */
  readonly #taken: Uint8Array;
  #freeUnits: number;
  /** No unit before this one is free. */
  #lowestFree = 0;

  constructor(units: number) {
    this.#taken = new Uint8Array(units);
    this.#freeUnits = units;
  }

  /** @returns the first of so many units in a row, or -1 where there is no such run */
  take(units: number): number {
    if (units > this.#freeUnits) return -1;
    const first = this.#findRun(units);
    if (first === -1) return -1;
    this.#taken.fill(1, first, first + units);
    this.#freeUnits -= units;
    if (first === this.#lowestFree) this.#lowestFree += units;
    return first;
  }

  /** @param first and `units` of a run that was taken */
  release(first: number, units: number): void {
    this.#taken.fill(0, first, first + units);
    this.#freeUnits += units;
    this.#lowestFree = Math.min(this.#lowestFree, first);
  }

  #findRun(units: number): number {
    let length = 0;
    for (let unit = this.#lowestFree; unit < this.#taken.length; unit++) {
      length = this.#taken[unit] === 0 ? length + 1 : 0;
      if (length === units) return unit - units + 1;
    }
    return -1;
  }
}
