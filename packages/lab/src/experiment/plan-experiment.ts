import { join } from 'node:path';
import {
  hideCredentials,
  type Options,
  parseDurationUs,
  US_PER_S,
  UserError,
  usageError,
} from '@servelab/core';
import { parseSlo } from '../analyse/slo.js';
import type { CorePlan } from '../machine/cpu-list.js';
import { configSha256 } from '../machine/fingerprint.js';
import { DEFAULT_SLO } from '../search/search-rate.js';
import { expandAll } from '../stacks/all-stacks.js';
import { buildStack, canDo, type PeerParts } from '../stacks/build-stacks.js';
import type { OwnServer } from '../stacks/own/own-server.js';
import { findStackName, parseStackName, type StackName } from '../stacks/stack-name.js';
import { PHOTOGRAPHS, SIMULATED_KERAS, type WorkloadKind } from '../stacks/workload-kind.js';
import type { BENCH_OPTIONS } from './bench-options.js';
import type { ExperimentPlan, Workload } from './experiment-plan.js';
import { HIGHEST_SHOWN, PROFILES, type Profile } from './profile.js';

type BenchOptions = Options<typeof BENCH_OPTIONS>;

/** A run in flight ends this long after its last request at the latest. */
const GRACE_US = 5_000_000;
/** The bracket around a stack's highest rate is at most this wide, as a share of the rate that passes. */
const CAPACITY_WIDTH = 0.05;
/** A fifth of the answers is enough to find a stack that cheats, and leaves the client's time alone. */
const CHECK_SHARE = 0.2;
/** Images of the corpus; a simulated Keras call takes 104 ms, so few are asked of it outside the timed part. */
const ASKED = {
  photographs: { referenceCount: 256, goldenCount: 58 },
  simulated: { referenceCount: 24, goldenCount: 8 },
};

/** What is known once the command line, the model, the images and the machine have been looked at. */
export interface Surroundings {
  readonly startedAt: Date;
  readonly command: string;
  readonly serveCommand: readonly string[];
  readonly model: ExperimentPlan['model'];
  /** Where the peers' parts lie; null where no peer takes part. */
  readonly peers: PeerParts | null;
  readonly corpus: ExperimentPlan['corpus'];
  readonly photographs: ExperimentPlan['photographs'];
  readonly cores: CorePlan;
  readonly environment: Record<string, unknown>;
}

/** The words of the command line understood, before anything is fetched or started. */
export interface BenchRequest {
  readonly options: BenchOptions;
  readonly profile: Profile;
  readonly stacks: readonly StackName[];
  readonly workloads: readonly WorkloadKind[];
  readonly ratesRps: readonly number[] | null;
}

/**
 * @param ownServers those that the configuration file declares
 * @throws UserError (exit code 2) for the first word that is not understood
 */
export function understandBench(options: BenchOptions, ownServers: readonly OwnServer[] = []): BenchRequest {
  const base = PROFILES[options.profile];
  const durationUs = options.duration === null ? base.durationUs : duration('--duration', options.duration);
  const stacks = expandAll(options.stacks).map((text) => findStackName(text, ownServers));
  const names = stacks.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw usageError(`--stacks names ${twice} twice`, 'Name each stack once.');
  if (options.slo !== null) parseSlo(options.slo);
  if (options.body === 'raw') requireRawBodies(stacks);
  return {
    options,
    stacks,
    workloads: workloadsFor(stacks, options.workloads.map(workloadKind)),
    ratesRps: options.rates?.map((text) => positive('--rates', text)) ?? null,
    profile: {
      ...base,
      levels: options.levels?.map((text) => positiveInteger('--levels', text)) ?? base.levels,
      repeats: options.repeats ?? base.repeats,
      warmupUs: options.warmup === null ? base.warmupUs : duration('--warmup', options.warmup),
      durationUs,
      extension: extensionOf(options, base, durationUs),
      findRate: options.findRate ?? base.findRate,
    },
  };
}

/**
 * The profile's; a duration that was asked for is kept, unless a longest one was asked for as well, which is for the
 * highest percentile that is shown.
 */
function extensionOf(options: BenchOptions, base: Profile, durationUs: number): Profile['extension'] {
  const asked = options['max-duration'];
  if (asked === null) {
    return options.duration === null ? base.extension : { ...base.extension, maxDurationUs: durationUs };
  }
  const maxDurationUs = duration('--max-duration', asked);
  if (maxDurationUs >= durationUs) return { fraction: HIGHEST_SHOWN, maxDurationUs };
  throw usageError(
    `--max-duration is "${asked}", less than the ${durationUs / US_PER_S} s that a point takes`,
    'Give a longer time, or a shorter --duration.',
  );
}

/** The same without some of its stacks, and without workloads that none of the others can do. */
export function withoutStacks(request: BenchRequest, names: readonly string[]): BenchRequest {
  const stacks = request.stacks.filter(({ name }) => !names.includes(name));
  return { ...request, stacks, workloads: workloadsFor(stacks, request.workloads) };
}

export function planExperiment(request: BenchRequest, around: Surroundings): ExperimentPlan {
  const { options, profile } = request;
  const config = { ...options, 'own-servers': request.stacks.flatMap(describeOwn) };
  const runId = `${around.startedAt.toISOString().slice(0, 19).replaceAll(':', '-')}_${profile.name}`;
  return {
    runDir: options.out ?? join('runs', runId),
    runId,
    command: around.command,
    profile: profile.name,
    seed: options.seed,
    slo: options.slo,
    workloads: request.workloads.map((kind) => planWorkload(request, kind, around)),
    capacity: profile.findRate ? { slo: options.slo ?? DEFAULT_SLO, relativeWidth: CAPACITY_WIDTH } : null,
    repeats: profile.repeats,
    redoShare: profile.redoShare,
    warmupUs: profile.warmupUs,
    extendWarmup: options.warmup === null,
    durationUs: profile.durationUs,
    extension: profile.extension,
    timeoutUs: duration('--timeout', options.timeout),
    graceUs: GRACE_US,
    arrivals: options.arrivals,
    checkShare: CHECK_SHARE,
    corpus: around.corpus,
    photographs: around.photographs,
    model: around.model,
    cores: around.cores,
    config,
    environment: { ...around.environment, config_sha256: configSha256(config) },
  };
}

function planWorkload(request: BenchRequest, kind: WorkloadKind, around: Surroundings): Workload {
  const simulated = kind.kind === 'simulated';
  const { profile, ratesRps, options } = request;
  const parts = {
    serveCommand: around.serveCommand,
    serveFlags: around.model.synthetic ? ['--synthetic-weights'] : [],
    body: options.body,
    imagePath: around.corpus.images[0]?.path ?? null,
    peers: around.peers,
  };
  const build = (stack: StackName) => buildStack(stack, kind, parts);
  return {
    name: kind.name,
    kind: kind.kind,
    stacks: request.stacks.filter((stack) => canDo(stack, kind)).map(build),
    reference: build(parseStackName('servelab:none@f32')),
    levels: simulated && options.levels === null ? profile.simulatedLevels : profile.levels,
    rateFractions: simulated || ratesRps !== null ? [] : profile.rateFractions,
    ratesRps: simulated ? [] : (ratesRps ?? []),
    ...(simulated ? ASKED.simulated : ASKED.photographs),
    truthful: !simulated && !around.model.synthetic,
  };
}

/** As the configuration file has it, but for credentials and the values of its variables, which may be secret. */
function describeOwn(stack: StackName): Record<string, unknown>[] {
  if (stack.kind !== 'other') return [];
  const { start, url, ...rest } = stack.server;
  return [
    {
      ...rest,
      url: hideCredentials(url),
      start: start && { ...start, environment: Object.keys(start.environment) },
    },
  ];
}

/** Workloads that some of the stacks can do. */
function workloadsFor(stacks: readonly StackName[], kinds: readonly WorkloadKind[]): WorkloadKind[] {
  const possible = kinds.filter((kind) => stacks.some((stack) => canDo(stack, kind)));
  if (possible.length > 0) return possible;
  throw usageError(
    `none of the stacks can do ${kinds.map(({ name }) => name).join(', ')}`,
    'The simulated runtime is servelab’s own: add servelab:none, or leave --workloads out.',
  );
}

/** In the seeds' form a peer is asked in its own way whatever is said here; the contract has no raw bodies. */
function requireRawBodies(stacks: readonly StackName[]): void {
  const peer = stacks.find(({ kind }) => kind === 'peer');
  if (peer === undefined) return;
  throw usageError(`${peer.name} does not take raw bodies`, 'Use --body multipart or --body json.');
}

function workloadKind(name: string): WorkloadKind {
  const kinds = [PHOTOGRAPHS, SIMULATED_KERAS];
  const kind = kinds.find((candidate) => candidate.name === name);
  if (kind === undefined) {
    throw usageError(`there is no workload "${name}"`, `Use one of: ${kinds.map((k) => k.name).join(', ')}.`);
  }
  return kind;
}

function positive(flag: string, text: string): number {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value)))
    throw usageError(`${flag} has "${text}"`, 'Give numbers above 0.');
  return value;
}

function positiveInteger(flag: string, text: string): number {
  const value = positive(flag, text);
  if (!Number.isInteger(value)) throw usageError(`${flag} has "${text}"`, 'Give whole numbers above 0.');
  return value;
}

function duration(flag: string, text: string): number {
  try {
    return parseDurationUs(text);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw usageError(`${flag}: ${error.message}`, error.fix);
  }
}
