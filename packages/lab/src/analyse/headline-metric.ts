import type { Load, Point, Stat } from '@servelab/core';

/** What decides between stacks at one kind of load. */
export interface HeadlineMetric {
  /** As `comparisons[].metric` of the report has it: the path of the figure in a point. */
  readonly name: 'latency_ms.p95' | 'goodput_rps';
  readonly words: string;
  readonly unit: string;
  readonly lowerIsBetter: boolean;
  stat(point: Point): Stat;
  ofRepeat(repeat: Point['repeats'][number]): number | null;
}

const P95: HeadlineMetric = {
  name: 'latency_ms.p95',
  words: 'p95 latency',
  unit: 'ms',
  lowerIsBetter: true,
  stat: ({ latency_ms }) => latency_ms.p95,
  ofRepeat: ({ p95_ms }) => p95_ms,
};

const GOODPUT: HeadlineMetric = {
  name: 'goodput_rps',
  words: 'goodput',
  unit: 'req/s',
  lowerIsBetter: false,
  stat: ({ goodput_rps }) => goodput_rps,
  ofRepeat: ({ goodput_rps }) => goodput_rps,
};

/**
 * An open loop fixes the rate, so what differs is how long users wait: p95 latency, which a few seconds of a
 * quick run support. A closed loop fixes the users, so what differs is how much they get done: goodput.
 */
export const headlineMetric = ({ mode }: Load): HeadlineMetric => (mode === 'open' ? P95 : GOODPUT);
