import { z } from 'zod';

/** The figures of one metric by k6's names for them: `count`, `avg`, `p(95)`; of a rate, `passes` and `fails`. */
export type K6Metric = Readonly<Record<string, unknown>>;

/** What the forms of a summary have in common. */
export interface K6Metrics {
  readonly metrics: Readonly<Record<string, K6Metric>>;
  /** How many checks the script has. */
  readonly checks: number;
  /** Of the whole run; null where only the rates tell it. */
  readonly durationS: number | null;
}

interface Group {
  checks?: object | undefined;
  groups?: Record<string, Group> | Group[] | undefined;
}
/** Names lead to checks and groups in --summary-export; in the data of handleSummary() they stand in lists. */
const groupSchema: z.ZodType<Group> = z.lazy(() =>
  z.object({
    checks: z.union([z.record(z.string(), z.unknown()), z.array(z.unknown())]).optional(),
    groups: z.union([z.record(z.string(), groupSchema), z.array(groupSchema)]).optional(),
  }),
);

const metricSchema = z.record(z.string(), z.unknown());
const summarySchema = z.object({
  metrics: z.record(z.string(), metricSchema),
  root_group: groupSchema.optional(),
});

const machineMetricSchema = z.object({ name: z.string(), type: z.string().optional(), values: metricSchema });
const machineSchema = z.object({
  config: z.object({ duration: z.number() }),
  results: z.object({
    checks: z
      .object({ results: z.array(z.object({ passes: z.number(), fails: z.number() })).optional() })
      .optional(),
    metrics: z.array(machineMetricSchema),
  }),
});

/**
 * The metrics of a summary in any of its forms: what `--summary-export` writes, with the figures in the metric itself;
 * the data of `handleSummary()`, with the figures in its `values`; and the machine-readable form of k6 1.3 and later.
 */
export function readMetrics(document: unknown): K6Metrics | null {
  const summary = summarySchema.safeParse(document).data;
  if (summary !== undefined) {
    const metrics = Object.entries(summary.metrics).map(
      ([name, metric]) => [name, figuresOf(metric)] as const,
    );
    return { metrics: Object.fromEntries(metrics), checks: checkCount(summary.root_group), durationS: null };
  }
  const machine = machineSchema.safeParse(document).data;
  return machine === undefined ? null : ofMachine(machine);
}

function figuresOf(metric: K6Metric): K6Metric {
  const { values } = metric;
  return metricSchema.safeParse(values).data ?? metric;
}

function checkCount(group: Group | undefined): number {
  if (group === undefined) return 0;
  const below = Object.values(group.groups ?? {}).map(checkCount);
  return below.reduce((total, count) => total + count, Object.keys(group.checks ?? {}).length);
}

function ofMachine({ config, results }: z.infer<typeof machineSchema>): K6Metrics {
  const checks = results.checks?.results ?? [];
  const sum = (key: 'passes' | 'fails') => checks.reduce((total, check) => total + check[key], 0);
  return {
    metrics: {
      checks: { passes: sum('passes'), fails: sum('fails') },
      ...Object.fromEntries(results.metrics.map(({ name, values }) => [name, withPasses(values)])),
    },
    checks: checks.length,
    durationS: config.duration,
  };
}

/** That form counts what is so of a rate as `matches` of a `total`. */
function withPasses(values: K6Metric): K6Metric {
  const { matches, total } = values;
  if (typeof matches !== 'number' || typeof total !== 'number') return values;
  return { ...values, passes: matches, fails: total - matches };
}
