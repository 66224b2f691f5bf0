/** Lindley 1952: the n-th waits W(n) = max(0, W(n-1) + service(n-1) - gap(n)). Times in any unit, all in the same. */
export function lindleyWaits(arrivals: ArrayLike<number>, services: ArrayLike<number>): Float64Array {
  const waits = new Float64Array(arrivals.length);
  for (let n = 1; n < waits.length; n++) {
    const gap = (arrivals[n] ?? 0) - (arrivals[n - 1] ?? 0);
    waits[n] = Math.max(0, (waits[n - 1] ?? 0) + (services[n - 1] ?? 0) - gap);
  }
  return waits;
}

export function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let n = 0; n < values.length; n++) sum += values[n] ?? 0;
  return sum / values.length;
}
