import type { Load } from '@servelab/core';
import { batchingSchema, loadSchema } from '@servelab/core/report-schema';
import { batchRecordSchema } from '@servelab/core/wire-schemas';
import { z } from 'zod';

const us = z.number().nonnegative();
const figure = z.number().nullable();
const anything = z.record(z.string(), z.unknown());

const pointRunSchema = z.object({
  /** Unique in the run; `records/<id>.ndjson` and `server/<id>.json` belong to it. */
  id: z.string().regex(/^[\w.@-]+$/, 'is not a plain file name'),
  stack: z.string(),
  workload: z.string(),
  repeat: z.number().int(),
  /** Position in the whole run's interleaved order. */
  order: z.number().int(),
  // Parsing may not add what the report would then print: a load is kept as it was written.
  load: z.custom<Load>((value) => loadSchema.safeParse(value).success),
  warmup_us: us,
  /** Present where the warm-up could go on until answers no longer became faster: whether it ended so. */
  warmup_steady: z.boolean().exactOptional(),
  duration_us: us.positive(),
  timeout_us: us,
  /** Present where the certificate of the server was not checked. */
  insecure: z.literal(true).exactOptional(),
  started_us: us,
  /** How long it was to be measured; present only when it was stopped before. */
  planned_us: us.positive().exactOptional(),
});
/** One measured point of one repeat of one stack: which records, and what the server said meanwhile. */
export type PointRun = z.infer<typeof pointRunSchema>;

export const serverSideSchema = z.object({
  /** CPU seconds used by the stack's processes while the point was measured. */
  cpu_s: figure,
  /** Resident memory of the stack's processes at the end of the point. */
  rss_mb: figure,
  /** Batches formed while the point was measured, warm-up included; [] where the stack does not tell. */
  batches: z.array(batchRecordSchema),
  /** Client: event-loop or thread utilisation without spinning, 0-1. */
  client_utilisation: figure,
  /** Noise probe: time of a fixed spin loop before and after, ms. */
  spin_before_ms: figure,
  spin_after_ms: figure,
  /** Share of CPU time stolen by the hypervisor meanwhile, 0-1. */
  steal: figure,
});
/** What the server and the machine said about one point: `server/<id>.json`. */
export type ServerSide = z.infer<typeof serverSideSchema>;

const cacheProbeSchema = z.object({
  again_ms: z.array(z.number().nonnegative()),
  fresh_ms: z.array(z.number().nonnegative()),
});
/** Times of pairs of requests, ms: an image that was asked before, and beside it one that was not. */
export type CacheProbe = z.infer<typeof cacheProbeSchema>;

const workloadRunSchema = z.object({ name: z.string(), kind: z.enum(['photographs', 'simulated']) });
/** What stacks are compared on. */
export type WorkloadRun = z.infer<typeof workloadRunSchema>;

const stackRunSchema = z.object({
  name: z.string(),
  workload: z.string(),
  kind: z.enum(['servelab', 'peer', 'other']),
  /** `servelab`, the name of the framework, or that of the server. */
  framework: z.string(),
  version: z.string(),
  form: z.string(),
  runtime: z.string(),
  precision: z.string(),
  /** Label of the batching. */
  policy: z.string(),
  batching: batchingSchema,
  /** Present where the server told what runs the model: an execution provider of ONNX Runtime. */
  device: z.string().exactOptional(),
  /** Present when it ran already and was left as it is: no fresh process, no cores of its own, no CPU figures. */
  uncontrolled: z.literal(true).exactOptional(),
  /** Present when its answers were not held against the reference: any 2xx counts as right. */
  unchecked: z.literal(true).exactOptional(),
  /** Present when the stack did not start or died: the end of its log. */
  failure: z.object({ message: z.string(), log_tail: z.string() }).exactOptional(),
  golden: z.object({ checked: z.number(), agreed: z.number(), required: z.number() }).nullable(),
  /** Present once it was looked whether images that were seen before are answered faster. */
  cache_probe: cacheProbeSchema.exactOptional(),
});
/** One stack as it was run. */
export type StackRun = z.infer<typeof stackRunSchema>;

const driverCalibrationSchema = z.object({
  /** Answers per second to a closed load of this many users. */
  ceiling: z.object({ concurrency: z.number(), rps: z.number() }),
  /** Latency of a single user, ms. */
  floor: z.object({ p50_ms: z.number(), p99_ms: figure }),
  /** Latency from the scheduled moment and lag at an open rate, ms. */
  open: z.object({ rate_rps: z.number(), p50_ms: z.number(), p99_ms: figure, lag_p99_ms: z.number() }),
});
/**
 * What the load driver can do on this machine, measured against a null server: one that answers at once. Figures of
 * stacks that come near to these are the driver's.
 */
export type DriverCalibration = z.infer<typeof driverCalibrationSchema>;

const capacityRunSchema = z.object({
  stack: z.string(),
  workload: z.string(),
  slo: z.string(),
  /** Each with records and a server side of its own, as a point; `repeat` is its number in the search. */
  tries: z.array(pointRunSchema),
});
/** A search for the highest rate at which a stack holds an SLO: its windows, in the order of the search. */
export type CapacityRun = z.infer<typeof capacityRunSchema>;

const corpusSchema = z.object({
  name: z.string(),
  images: z.number(),
  sha256: z.string(),
  /** Pictures that were made, as no photographs were available. */
  generated: z.boolean(),
});

const runManifestSchema = z.object({
  schema_version: z.literal(1),
  run_id: z.string(),
  command: z.string(),
  started_at: z.string(),
  finished_at: z.string().nullable(),
  /** True when Ctrl-C ended the run early: what was measured is kept. */
  interrupted: z.boolean(),
  seed: z.number(),
  profile: z.string(),
  config: anything,
  environment: anything,
  model: z.object({ name: z.string(), sha256: z.string().nullable(), synthetic: z.boolean() }),
  corpus: corpusSchema,
  pinned: z.boolean(),
  slo: z.string().nullable(),
  /** Absent in runs of older versions, and where nothing was started. */
  driver: driverCalibrationSchema.exactOptional(),
  workloads: z.array(workloadRunSchema),
  stacks: z.array(stackRunSchema),
  points: z.array(pointRunSchema),
  /** Present where it was asked for. */
  capacities: z.array(capacityRunSchema).exactOptional(),
});
/** `run.json`: all that is needed to understand, re-analyse and repeat a run. Times here are wall-clock ISO 8601. */
export type RunManifest = z.infer<typeof runManifestSchema>;

/** `run.json` as any version has written it: older ones lack some members, which `completeManifest` adds. */
export const storedManifestSchema = runManifestSchema.extend({
  corpus: corpusSchema.partial({ generated: true }),
  workloads: z.array(workloadRunSchema).exactOptional(),
  stacks: z.array(stackRunSchema.partial({ framework: true, batching: true })),
});
export type StoredManifest = z.infer<typeof storedManifestSchema>;
