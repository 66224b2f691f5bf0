import { BAND_PCT } from '../../analyse/compare-stacks.js';
import { escapeText, node } from '../charts/svg.js';

/** Every figure of the page links to its entry here. */
const ENTRIES: readonly (readonly [id: string, term: string, meaning: string])[] = [
  [
    'goodput',
    'Goodput, req/s',
    'Answers that are right and within the SLO’s bound, arriving in the measured window, divided by its length. Without an SLO: right answers. Where answers are not checked, every 2xx counts as right.',
  ],
  [
    'throughput',
    'Throughput, req/s',
    'Right answers arriving in the measured window, divided by its length, late ones included.',
  ],
  [
    'latency',
    'Latency: p50, p95, p99, ms',
    'From the moment a request was scheduled to the last byte of its answer: what a user waits, whatever the client was doing meanwhile. Under closed load a request is scheduled when the one before it is answered. Percentiles by linear interpolation between order statistics (Hyndman and Fan, type 7), computed in each repeat. A request that timed out counts with its time-out, as a lower bound (≥). Refused and failed requests are counted as errors, not timed.',
  ],
  [
    'service',
    'Service time, ms',
    'From the real send to the last byte: latency without the client’s lag and the wait for a connection. In report.json.',
  ],
  [
    'interval',
    'Interval, 95 %',
    'Student’s t over the repeats on the log scale: exp(m ± t·s/√n), with m and s the mean and deviation of the logarithms of the repeats’ values and n the repeats. The value is the repeats’ mean. Never over requests: those of one process are not independent.',
  ],
  [
    'difference',
    'Difference, %',
    '(a − b)/b, from the mean of ln(a/b) over the repeat blocks, with Student’s t over the blocks. Stacks of one block ran close together, so what disturbed the machine disturbed both.',
  ],
  [
    'speedup',
    'Speed-up',
    'How many times as good the figure that decides is after a step as before it: goodput after over before, or p95 latency before over after. From the mean log ratio over the repeat blocks, with Student’s t over the blocks.',
  ],
  [
    'winner',
    'Winner, tie, not decided',
    `Of all pairs at one load: a winner needs a p-value below 0.05 after Holm’s correction and an effect above ${BAND_PCT} %. A tie is an interval that lies wholly inside ±${BAND_PCT} %. Anything else is not decided: more repeats would narrow it. At an open rate that only one of the two sustains (not saturated, at most 1 % of the requests without an answer), that one wins.`,
  ],
  [
    'rank',
    'Rank',
    'Stacks of one rank are tied, not told apart, or each better at something. The overall winner beats every other stack in p95 latency at the highest sustained open rate or in goodput at the highest closed level, and loses to none in either.',
  ],
  [
    'saturated',
    'VALID, SATURATED, INVALID',
    'VALID: every check passed. SATURATED: the stack did not keep up with the offered rate: over 1 % of the requests were refused, timed out or never answered, or completions fell behind arrivals, or the backlog grew, beyond chance at the 99 % level. That is a finding about the stack; its latencies then only tell how long the run was. INVALID: a check of the client, the machine or the answers failed, so the figures cannot be trusted.',
  ],
  [
    'samples',
    'Samples',
    'A percentile p is shown only with enough requests for a one-sided 99 % bound: the smallest n with 1 − pⁿ ≥ 0.99, that is 7 for p50, 90 for p95, 459 for p99 and 4,603 for p99.9.',
  ],
  [
    'cpu',
    'CPU per 1,000, s',
    'CPU seconds of all the stack’s processes in the measured window, for a thousand right answers.',
  ],
  [
    'errors',
    'Errors',
    'scheduled = ok + wrong + rejected + failed + timed out + incomplete, always. Wrong: a 2xx with another class than expected. Rejected: 429 or 503. Incomplete: still in flight when the driver stopped waiting.',
  ],
  [
    'capacity',
    'Highest rate, req/s',
    'The last open rate at which the stack held the SLO, and the first above it at which it did not, found by doubling and bisection in a fresh process after all points. A rate holds when at least the SLO’s share of all scheduled requests was answered right and in time and the stack kept up; both ends were decided by two windows of three. Of one process, so without an interval over repeats.',
  ],
  [
    'batch',
    'Batch sizes, reasons, costs',
    'From the server’s own journal of the measured window: images a batch, why the policy fired, and the mean time of the model’s run by batch size.',
  ],
  [
    'budget',
    'Where the time goes',
    'Means over answered requests. Seen from the client: its lag, waiting for a free connection, opening one, and the body of the answer after its first byte. What is between the send and the first byte is the server’s. There, waiting, decoding and inference come from the batch journal; each image waits for its whole batch. The journal has the wait of a batch’s oldest image, so “waiting for a batch” is an upper bound, and “the rest” what remains. Medians and p99 of the client’s phases: phases_ms in report.json.',
  ],
];

export function glossaryMarkup(): string {
  const items = ENTRIES.map(
    ([id, term, meaning]) =>
      node('dt', { id: `def-${id}` }, escapeText(term)) + node('dd', {}, escapeText(meaning)),
  );
  return node('dl', { class: 'glossary' }, ...items);
}
