import { z } from 'zod';
import { checkSchema, reasonIdSchema } from './check.js';
import { loadSchema } from './load.js';
import { OUTCOMES, type Outcome } from './outcome.js';

export * from './check.js';
export * from './load.js';

/**
 * `report.json`. The schema is published as `docs/report.schema.json` (generated from here, compared by a test).
 * Percentiles: Hyndman-Fan type 7. A value is null where the samples do not support it.
 */
export const statSchema = z.object({
  value: z.number().nullable(),
  ci95: z
    .tuple([z.number(), z.number()])
    .nullable()
    .describe('95 % interval over repeats, Student t on the log scale'),
  n: z.number().int().describe('repeats'),
  censored: z.boolean().describe('true where time-outs make the value a lower bound'),
});
export type Stat = z.infer<typeof statSchema>;

const latencySchema = z.object({
  mean: statSchema,
  p50: statSchema,
  p90: statSchema,
  p95: statSchema,
  p99: statSchema,
  p99_9: statSchema,
  max: statSchema,
});
export type LatencyStats = z.infer<typeof latencySchema>;

const phaseSchema = z.object({ mean: statSchema, p50: statSchema, p99: statSchema });

const countsSchema = z
  .object({
    scheduled: z.number().int(),
    ok: z.number().int(),
    wrong: z.number().int(),
    rejected: z.number().int(),
    failed: z.number().int(),
    timed_out: z.number().int(),
    incomplete: z.number().int(),
  } satisfies Record<'scheduled' | Outcome, z.ZodType>)
  .describe('the last six add up to scheduled');
export type Counts = z.infer<typeof countsSchema>;

const countOrUnknown = z.number().int().nullable();
const toldCountsSchema = countsSchema
  .extend({
    ok: countOrUnknown,
    wrong: countOrUnknown,
    rejected: countOrUnknown,
    failed: countOrUnknown,
    timed_out: countOrUnknown,
  })
  .describe(
    'the last six add up to scheduled; null where the files of another tool do not tell what became of requests',
  );
/** Counts of a point; only those of an imported one may have nulls. */
export type ToldCounts = z.infer<typeof toldCountsSchema>;
const errorSchema = z.object({
  outcome: z.enum(OUTCOMES).exclude(['ok']),
  status: z.number().int().nullable(),
  reason: z.string(),
  count: z.number().int(),
  example: z.object({
    repeat: z.number().int(),
    index: z.number().int(),
    at_s: z.number(),
    image: z.number().int(),
    answer: z.string().optional().describe('the beginning of what came instead'),
  }),
});

const repeatSchema = z.object({
  repeat: z.number().int(),
  throughput_rps: z
    .number()
    .nullable()
    .describe('null only in imported points, where failures are not known'),
  goodput_rps: z.number().nullable(),
  mean_ms: z.number().nullable(),
  p50_ms: z.number().nullable(),
  p95_ms: z.number().nullable(),
  p99_ms: z.number().nullable(),
  counts: toldCountsSchema,
});

const windowSchema = z
  .object({
    from_s: z.number(),
    to_s: z.number(),
    planned_rps: z.number().optional().describe('mean of the profile; absent for a trace'),
    scheduled: z.number().int(),
    ok: z.number().int(),
    offered_rps: z.number(),
    ok_rps: z.number().describe('requests scheduled here that were answered right, whenever'),
    p50_ms: statSchema,
    p95_ms: statSchema,
  })
  .describe('requests scheduled in one stretch of the measured part');
export type LoadWindow = z.infer<typeof windowSchema>;

const driftSchema = z
  .object({
    change_pct: z.number().describe('growth of the least-squares line through the windows, first to last'),
    p_value: z.number().describe('two-sided, of no growth'),
    drifts: z.boolean(),
  })
  .describe('whether p95 latency grows or falls over a soak');
export type Drift = z.infer<typeof driftSchema>;

const reasonIdsSchema = z
  .array(reasonIdSchema)
  .optional()
  .describe('ids of the reasons, in their order; absent in what version 1 wrote');

export const pointSchema = z.object({
  load: loadSchema,
  verdict: z.object({
    status: z.enum(['VALID', 'SATURATED', 'INVALID']),
    reasons: z.array(z.string()),
    reason_ids: reasonIdsSchema,
  }),
  samples: z.number().int(),
  counts: toldCountsSchema,
  errors: z
    .array(errorSchema)
    .optional()
    .describe('why requests were not ok, the commonest first, each with its first example'),
  repeated: z
    .number()
    .int()
    .optional()
    .describe('requests sent a second time, as the server ended their connection while they were written'),
  insecure: z.literal(true).optional().describe('the certificate of the server was not checked'),
  checked: z.number().int().describe('answers compared with the expected class'),
  throughput_rps: statSchema,
  goodput_rps: statSchema,
  cpu_s_per_1000: statSchema,
  rss_mb: z.number().nullable(),
  batch_size: z.object({ mean: z.number().nullable(), histogram: z.record(z.string(), z.number()) }),
  batch_rules: z
    .record(z.string(), z.number())
    .optional()
    .describe('how often each rule of the batching policy formed a batch'),
  latency_ms: latencySchema.describe('from the scheduled moment'),
  service_ms: latencySchema.describe('from the real send'),
  lag_ms: z.object({ p50: z.number().nullable(), p99: z.number().nullable() }),
  phases_ms: z
    .object({
      lag: phaseSchema.describe('the client was late'),
      wait: phaseSchema.describe('no connection was free'),
      connect: phaseSchema.describe('the connection that the request got was being opened'),
      first_byte: phaseSchema.describe('from the send to the first byte of the answer'),
      body: phaseSchema.describe('from the first byte to the last'),
    })
    .optional()
    .describe('of the answered requests; one by one, and so in the mean, the five add up to the latency'),
  repeats: z.array(repeatSchema),
  windows: z.array(windowSchema).optional().describe('of a load whose rate changes, and of a soak'),
  drift: driftSchema
    .nullable()
    .optional()
    .describe('of a soak; null where its windows have too few requests'),
});
export type Point = z.infer<typeof pointSchema>;
/** One of our own driver, which knows what became of every request. */
export type MeasuredPoint = Point & { counts: Counts };

export const batchingSchema = z
  .object({
    kind: z.enum(['none', 'greedy', 'fixed-window', 'slo-adaptive', 'optimal', 'unknown']),
    max_batch_size: z.number().int().positive().optional().describe('images'),
    window_ms: z.number().nonnegative().optional().describe('the longest wait for more images'),
  })
  .describe('how batches are formed, by the name of the servelab policy that decides alike');
export type StackBatching = z.infer<typeof batchingSchema>;

const stackSchema = z.object({
  name: z.string(),
  workload: z.string(),
  kind: z.enum(['servelab', 'peer', 'other']),
  framework: z.string().describe('servelab, or the name of the framework'),
  version: z.string(),
  form: z.string(),
  runtime: z.string(),
  precision: z.string(),
  policy: z.string().describe('label of the batching'),
  batching: batchingSchema,
  device: z.string().optional().describe('what ran the model, where the server told: cpu, webgpu, cuda, ...'),
  uncontrolled: z
    .literal(true)
    .optional()
    .describe('it ran already: not fresh in each repeat, no cores of its own, no CPU or memory figures'),
  unchecked: z.literal(true).optional().describe('its answers were not checked: any 2xx counts as right'),
  capacity: z
    .object({ pass_rps: z.number().nullable(), fail_rps: z.number().nullable(), slo: z.string().optional() })
    .optional()
    .describe('the highest rate that held the SLO, and the lowest above it that did not'),
  batch_cost_ms: z
    .record(z.string(), z.number())
    .optional()
    .describe('mean inference time by batch size, in this run'),
  points: z.array(pointSchema),
});
export type StackResult = z.infer<typeof stackSchema>;

const comparisonSchema = z.object({
  workload: z.string(),
  metric: z.string(),
  load: loadSchema,
  a: z.string(),
  b: z.string(),
  difference_pct: statSchema.describe('(a - b) / b in per cent, paired by block'),
  verdict: z.enum(['a', 'b', 'tie', 'unresolved']),
});
export type Comparison = z.infer<typeof comparisonSchema>;

export const reportSchema = z.object({
  schema_version: z.literal(2),
  run_id: z.string(),
  slo: z.string().optional(),
  environment: z.record(z.string(), z.unknown()),
  verdict: z.object({
    status: z.enum(['VALID', 'VALID_UNPINNED', 'INVALID']),
    reasons: z.array(z.string()),
    reason_ids: reasonIdsSchema,
    sentence: z.string(),
    winner: z.string().nullable(),
    ranking: z.array(z.array(z.string())),
  }),
  checks: z.array(checkSchema),
  stacks: z.array(stackSchema),
  comparisons: z.array(comparisonSchema),
  attribution: z.array(
    z.object({
      workload: z.string(),
      load: loadSchema,
      metric: z.string(),
      from: z.string(),
      to: z.string(),
      factor: z.enum(['framework', 'runtime', 'policy', 'precision']),
      speedup: statSchema,
    }),
  ),
});
export type Report = z.infer<typeof reportSchema>;
