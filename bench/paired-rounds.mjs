/** Two-sided 95 % quantiles of Student's t for 1, 2, ... degrees of freedom; 1.96 beyond. */
const T95 = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145,
];

/**
 * Runs two ways of doing one thing in rounds, the order turned in every other one, so that what the machine
 * does meanwhile hits both alike.
 *
 * @param {number} rounds
 * @param {() => Promise<number>} one the cost of a round
 * @param {() => Promise<number>} other the same of the other way
 * @returns {Promise<{one: number, other: number, ratio: number, low: number, high: number}>} mean costs, and
 *   other / one with its 95 % interval: Student's t over the rounds, on the log scale
 */
export async function pairedRounds(rounds, one, other) {
  const pairs = [];
  for (let round = 0; round < rounds; round++) {
    if (round % 2 === 0) {
      const cost = await one();
      pairs.push([cost, await other()]);
    } else {
      const cost = await other();
      pairs.push([await one(), cost]);
    }
  }
  const logs = pairs.map(([a, b]) => Math.log(b / a));
  const mean = average(logs);
  const deviation = Math.sqrt(logs.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (rounds - 1));
  const half = ((T95[rounds - 2] ?? 1.96) * deviation) / Math.sqrt(rounds);
  return {
    one: average(pairs.map(([a]) => a)),
    other: average(pairs.map(([, b]) => b)),
    ratio: Math.exp(mean),
    low: Math.exp(mean - half),
    high: Math.exp(mean + half),
  };
}

const average = (values) => values.reduce((sum, x) => sum + x, 0) / values.length;
