/**
 * Makes probabilities of logits, in place, row by row. The largest is taken off first: nothing overflows, and the
 * result is the same.
 *
 * @param values `[n, classCount]`
 */
export function softmaxRows(values: Float32Array, classCount: number): void {
  for (let start = 0; start < values.length; start += classCount) {
    const row = values.subarray(start, start + classCount);
    let largest = Number.NEGATIVE_INFINITY;
    for (const value of row) largest = Math.max(largest, value);
    let sum = 0;
    for (const [at, value] of row.entries()) {
      row[at] = Math.exp(value - largest);
      sum += row[at] ?? 0;
    }
    for (const [at, value] of row.entries()) row[at] = value / sum;
  }
}
