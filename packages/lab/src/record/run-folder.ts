import type { BatchRecord, Load, StackBatching } from '@servelab/core';

/** One measured point of one repeat of one stack: which records, and what the server said meanwhile. */
export interface PointRun {
  /** Unique in the run; `records/<id>.ndjson` and `server/<id>.json` belong to it. */
  id: string;
  stack: string;
  workload: string;
  repeat: number;
  /** Position in the whole run's interleaved order. */
  order: number;
  load: Load;
  warmup_us: number;
  /** Present where the warm-up could go on until answers no longer became faster: whether it ended so. */
  warmup_steady?: boolean;
  duration_us: number;
  timeout_us: number;
  /** Present where the certificate of the server was not checked. */
  insecure?: true;
  started_us: number;
  /** How long it was to be measured; present only when it was stopped before. */
  planned_us?: number;
}

/** What the server and the machine said about one point: `server/<id>.json`. */
export interface ServerSide {
  /** CPU seconds used by the stack's processes while the point was measured. */
  cpu_s: number | null;
  /** Resident memory of the stack's processes at the end of the point. */
  rss_mb: number | null;
  /** Batches formed while the point was measured, warm-up included; [] where the stack does not tell. */
  batches: BatchRecord[];
  /** Client: event-loop or thread utilisation without spinning, 0-1. */
  client_utilisation: number | null;
  /** Noise probe: time of a fixed spin loop before and after, ms. */
  spin_before_ms: number | null;
  spin_after_ms: number | null;
  /** Share of CPU time stolen by the hypervisor meanwhile, 0-1. */
  steal: number | null;
}

/** What stacks are compared on. */
export interface WorkloadRun {
  name: string;
  kind: 'photographs' | 'simulated';
}

/** One stack as it was run. */
export interface StackRun {
  name: string;
  workload: string;
  kind: 'servelab' | 'peer' | 'other';
  /** `servelab`, the name of the framework, or that of the server. */
  framework: string;
  version: string;
  form: string;
  runtime: string;
  precision: string;
  /** Label of the batching. */
  policy: string;
  batching: StackBatching;
  /** Present where the server told what runs the model: an execution provider of ONNX Runtime. */
  device?: string;
  /** Present when it ran already and was left as it is: no fresh process, no cores of its own, no CPU figures. */
  uncontrolled?: true;
  /** Present when its answers were not held against the reference: any 2xx counts as right. */
  unchecked?: true;
  /** Present when the stack did not start or died: the end of its log. */
  failure?: { message: string; log_tail: string };
  golden: { checked: number; agreed: number; required: number } | null;
  /** Present once it was looked whether images that were seen before are answered faster. */
  cache_probe?: CacheProbe;
}

/** Times of pairs of requests, ms: an image that was asked before, and beside it one that was not. */
export interface CacheProbe {
  again_ms: number[];
  fresh_ms: number[];
}

/**
 * What the load driver can do on this machine, measured against a null server: one that answers at once. Figures of
 * stacks that come near to these are the driver's.
 */
export interface DriverCalibration {
  /** Answers per second to a closed load of this many users. */
  ceiling: { concurrency: number; rps: number };
  /** Latency of a single user, ms. */
  floor: { p50_ms: number; p99_ms: number | null };
  /** Latency from the scheduled moment and lag at an open rate, ms. */
  open: { rate_rps: number; p50_ms: number; p99_ms: number | null; lag_p99_ms: number };
}

/** A search for the highest rate at which a stack holds an SLO: its windows, in the order of the search. */
export interface CapacityRun {
  stack: string;
  workload: string;
  slo: string;
  /** Each with records and a server side of its own, as a point; `repeat` is its number in the search. */
  tries: PointRun[];
}

/** `run.json`: all that is needed to understand, re-analyse and repeat a run. Times here are wall-clock ISO 8601. */
export interface RunManifest {
  schema_version: 1;
  run_id: string;
  command: string;
  started_at: string;
  finished_at: string | null;
  /** True when Ctrl-C ended the run early: what was measured is kept. */
  interrupted: boolean;
  seed: number;
  profile: string;
  config: Record<string, unknown>;
  environment: Record<string, unknown>;
  model: { name: string; sha256: string | null; synthetic: boolean };
  /** `generated`: pictures that were made, as no photographs were available. */
  corpus: { name: string; images: number; sha256: string; generated: boolean };
  pinned: boolean;
  slo: string | null;
  /** Absent in runs of older versions, and where nothing was started. */
  driver?: DriverCalibration;
  workloads: WorkloadRun[];
  stacks: StackRun[];
  points: PointRun[];
  /** Present where it was asked for. */
  capacities?: CapacityRun[];
}
