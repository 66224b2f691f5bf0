import { type Load, type Point, type Stat, usageError } from '@servelab/core';

/** A figure that two runs can be compared by. */
export interface RunMetric {
  readonly name: string;
  readonly unit: 'ms' | 'req/s';
  readonly lowerIsBetter: boolean;
  stat(point: Point): Stat;
  ofRepeat(repeat: Point['repeats'][number]): number | null;
}

const latency = <N extends 'mean' | 'p50' | 'p95' | 'p99'>(name: N) =>
  ({
    name,
    unit: 'ms',
    lowerIsBetter: true,
    stat: ({ latency_ms }: Point) => latency_ms[name],
    ofRepeat: (repeat: Point['repeats'][number]) => repeat[`${name}_ms`],
  }) as const;

const rate = <N extends 'throughput' | 'goodput'>(name: N) =>
  ({
    name,
    unit: 'req/s',
    lowerIsBetter: false,
    stat: (point: Point) => point[`${name}_rps`],
    ofRepeat: (repeat: Point['repeats'][number]) => repeat[`${name}_rps`],
  }) as const;

const RUN_METRICS = [
  latency('mean'),
  latency('p50'),
  latency('p95'),
  latency('p99'),
  rate('throughput'),
  rate('goodput'),
] as const satisfies readonly RunMetric[];

type RunMetricName = (typeof RUN_METRICS)[number]['name'];

/** An open rate fixes the throughput, a closed level what users wait for: each is judged by what is left. */
export const headlineNames = ({ mode }: Load): readonly RunMetricName[] =>
  mode === 'open' ? ['p95'] : ['goodput'];

/** @throws UserError (exit code 2) for a name that is none */
export function runMetric(name: string): RunMetric {
  const found = RUN_METRICS.find((metric) => metric.name === name);
  if (found !== undefined) return found;
  const known = RUN_METRICS.map((metric) => metric.name).join(', ');
  throw usageError(
    `--metric names "${name}", which is not a metric of a report`,
    `Use one or more of ${known}.`,
  );
}
