import type { Load } from '@servelab/core';
import type { KnownPhotograph } from '../corpus/load-corpus.js';
import type { CorePlan } from '../machine/cpu-list.js';
import type { Stack } from '../stacks/stack.js';
import type { WorkloadKind } from '../stacks/workload-kind.js';

/** A kind of work that stacks are compared on: they are only ever compared within one. */
export interface Workload {
  /** `photographs`, or `simulated-keras`, ... */
  readonly name: string;
  readonly kind: WorkloadKind['kind'];
  readonly stacks: readonly Stack[];
  /** The stack that gives the reference answers: the simplest one, whose photographs are checked by class. */
  readonly reference: Stack;
  readonly levels: readonly number[];
  /** Open rates as fractions of the capacity of the slowest stack; needs a calibration when there are any. */
  readonly rateFractions: readonly number[];
  /** Open rates given outright, requests a second. */
  readonly ratesRps: readonly number[];
  /** How many images of the corpus the reference answers; only these can be checked while timing. */
  readonly referenceCount: number;
  /** How many of those each stack answers before it is timed. */
  readonly goldenCount: number;
  /** Whether the photographs' true classes can be expected: not from a simulated runtime or synthetic weights. */
  readonly truthful: boolean;
}

/** All that a run needs, decided before it starts. Durations in microseconds. */
export interface ExperimentPlan {
  readonly runDir: string;
  readonly runId: string;
  readonly command: string;
  readonly profile: string;
  readonly seed: number;
  readonly slo: string | null;
  readonly workloads: readonly Workload[];
  /** Search for each stack's highest rate under this SLO after the points; null: do not. */
  readonly capacity: { readonly slo: string; readonly relativeWidth: number } | null;
  readonly repeats: number;
  /** Share of the points that may be measured again because the machine was disturbed. */
  readonly redoShare: number;
  readonly warmupUs: number;
  /** Warm up for longer than that where a dozen answers take longer, or answers still become faster. */
  readonly extendWarmup: boolean;
  readonly durationUs: number;
  /** Measure longer than that, to this at most, where a slow open rate brings too few requests for this percentile. */
  readonly extension: { readonly fraction: number; readonly maxDurationUs: number };
  readonly timeoutUs: number;
  readonly graceUs: number;
  readonly arrivals: NonNullable<Load['arrivals']>;
  /** Share of the answers that are held against the reference while timing, 0-1. */
  readonly checkShare: number;
  readonly corpus: {
    readonly name: string;
    /** Pictures that were made, as no photographs were available. */
    readonly generated: boolean;
    readonly sha256: string;
    readonly images: readonly { readonly path: string }[];
  };
  readonly photographs: readonly KnownPhotograph[];
  readonly model: { readonly name: string; readonly sha256: string | null; readonly synthetic: boolean };
  readonly cores: CorePlan;
  readonly config: Record<string, unknown>;
  readonly environment: Record<string, unknown>;
}
