import { pairedRatio } from './ratio.mjs';

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
  return {
    one: average(pairs.map(([a]) => a)),
    other: average(pairs.map(([, b]) => b)),
    ...pairedRatio(pairs.map(([a, b]) => [b, a])),
  };
}

const average = (values) => values.reduce((sum, x) => sum + x, 0) / values.length;
