/** One server, Poisson arrivals, batches: what the table is solved for. */
export interface SmdpProblem {
  /** Time of a batch of n at index n - 1, microseconds, each > 0. */
  readonly costsUs: readonly number[];
  /** Arrivals per microsecond, > 0. */
  readonly ratePerUs: number;
  /**
   * End as well when so many improvements in a row have changed no action (default 8). Near full load the policy is
   * found long before its cost is known; infinity waits for that.
   */
  readonly settledRounds?: number;
}

export interface SmdpSolution {
  /** `batch[waiting]`: images to run when the server is idle, 0 to wait for the next arrival. */
  readonly batch: readonly number[];
  /**
   * Bounds of the least mean number of images in the system; mean latency is this over the rate (Little). They meet
   * unless the policy settled before.
   */
  readonly meanInSystem: readonly [lower: number, upper: number];
  /** Sweeps over the states until the bounds met. */
  readonly sweeps: number;
}

/** Longer queues act as the longest that is solved for. */
const LONGEST_QUEUE_BATCHES = 12;
const SHORTEST_TABLE = 96;
/** Poisson terms below this are left out. */
const NEGLIGIBLE = 1e-9;
/** Sweeps that only evaluate the current policy, between two that improve it (modified policy iteration). */
const EVALUATIONS = 24;
const MAX_SWEEPS = 20_000;
const SETTLED_ROUNDS = 8;
/** Upper and lower bound of the average cost agree to this share of it. */
const TOLERANCE = 1e-4;

/**
 * The batching policy that minimizes the mean number of images in the system, and so their mean latency, by
 * relative value iteration on the semi-Markov decision process of Xu, Zhou, Niu, "SMDP-Based Dynamic Batching"
 * (arXiv 2301.12865), made a discrete-time one by Schweitzer's transformation.
 *
 * State: s images wait, the server is idle. Action 0 waits for the next arrival: 1/rate long, s/rate image-time,
 * then s+1. Action b runs b images: t(b) long, s t(b) + rate t(b)^2/2 image-time, then s-b plus a Poisson number.
 *
 * @throws RangeError if the rate or a cost is not a positive finite number
 */
export function solveSmdp({ costsUs, ratePerUs, settledRounds = SETTLED_ROUNDS }: SmdpProblem): SmdpSolution {
  for (const value of [ratePerUs, ...costsUs]) {
    if (!(value > 0 && Number.isFinite(value))) throw new RangeError(`must be positive and finite: ${value}`);
  }
  const largest = costsUs.length;
  const last = Math.max(SHORTEST_TABLE, LONGEST_QUEUE_BATCHES * largest);
  const arrivals = costsUs.map((costUs) => poissonTerms(ratePerUs * costUs, last));
  const gapUs = 1 / ratePerUs;
  const stepUs = 0.95 * Math.min(gapUs, ...costsUs);

  let value = new Float64Array(last + 1);
  let next = new Float64Array(last + 1);
  const batch = new Int32Array(last + 1);

  /** Cost per step and relative value of an action, in the transformed process. */
  const waitValue = (s: number) => {
    const share = stepUs / gapUs;
    return s * stepUs + share * (value[Math.min(s + 1, last)] as number) + (1 - share) * (value[s] as number);
  };
  const runValue = (s: number, b: number) => {
    const costUs = costsUs[b - 1] as number;
    const terms = arrivals[b - 1] as Float64Array;
    const left = s - b;
    let expected = 0;
    const inside = Math.min(terms.length, last - left);
    for (let k = 0; k < inside; k++) expected += (terms[k] as number) * (value[left + k] as number);
    let outside = 0;
    for (let k = inside; k < terms.length; k++) outside += terms[k] as number;
    expected += outside * (value[last] as number);
    const share = stepUs / costUs;
    return stepUs * (s + (ratePerUs * costUs) / 2) + share * expected + (1 - share) * (value[s] as number);
  };

  let sweeps = 0;
  let settled = 0;
  for (;;) {
    let changed = false;
    let lowest = Number.POSITIVE_INFINITY;
    let highest = Number.NEGATIVE_INFINITY;
    for (let s = 0; s <= last; s++) {
      // The last state stands for all longer queues: waiting there would never end.
      let best = s === last ? Number.POSITIVE_INFINITY : waitValue(s);
      let choice = 0;
      for (let b = Math.min(s, largest); b >= 1; b--) {
        const candidate = runValue(s, b);
        if (candidate < best) {
          best = candidate;
          choice = b;
        }
      }
      if (batch[s] !== choice) changed = true;
      batch[s] = choice;
      next[s] = best;
      const change = best - (value[s] as number);
      if (change < lowest) lowest = change;
      if (change > highest) highest = change;
    }
    toRelative(next);
    [value, next] = [next, value];
    sweeps++;
    settled = changed ? 0 : settled + 1;
    const haveMet = highest - lowest <= TOLERANCE * Math.abs(highest);
    if (haveMet || settled >= settledRounds || sweeps >= MAX_SWEEPS) {
      return { batch: Array.from(batch), meanInSystem: [lowest / stepUs, highest / stepUs], sweeps };
    }
    for (let n = 0; n < EVALUATIONS; n++, sweeps++) {
      for (let s = 0; s <= last; s++) {
        const b = batch[s] as number;
        next[s] = b === 0 ? waitValue(s) : runValue(s, b);
      }
      toRelative(next);
      [value, next] = [next, value];
    }
  }
}

/** Only differences count; kept small, they keep their digits. */
function toRelative(values: Float64Array): void {
  const base = values[0] as number;
  for (let n = 0; n < values.length; n++) values[n] = (values[n] as number) - base;
}

/** Probabilities of 0, 1, 2, ... arrivals, up to where the rest is negligible; that goes to the last one. */
function poissonTerms(mean: number, longest: number): Float64Array {
  const terms: number[] = [];
  let sum = 0;
  for (let k = 0, log = -mean; k < longest || sum === 0; k++, log += Math.log(mean / k)) {
    const term = Math.exp(log);
    terms.push(term);
    sum += term;
    if (k > mean && term < NEGLIGIBLE) break;
  }
  terms[terms.length - 1] = (terms.at(-1) ?? 0) + Math.max(0, 1 - sum);
  return Float64Array.from(terms);
}
