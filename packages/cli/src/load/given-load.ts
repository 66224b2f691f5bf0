import { basename } from 'node:path';
import { type LoadProfile, parseDurationUs, US_PER_S, usageError } from '@servelab/core';
import { type LoadPlan, type LoadShape, readTrace } from '@servelab/lab';
import { LOAD_OPTIONS, type LoadOptions } from './load-options.js';
import { loadTask } from './load-task.js';

/** What the command line says of the load; a trace also decides how long it lasts. */
export type GivenLoad = Pick<LoadPlan, 'load' | 'replay'> & Partial<Pick<LoadPlan, 'durationUs'>>;

/** @throws UserError (exit code 2) for a load that is not understood, (3) for a trace that cannot be read */
export async function givenLoad(options: LoadOptions): Promise<GivenLoad> {
  const { replay: path, replayColumn: column, arrivals } = options;
  loadTask(options);
  if (path === null) return { load: loadShape(options) };
  const replay = { path, column };
  const { meanRps, durationUs } = await readTrace(replay);
  const profile = { shape: 'replay', trace: basename(path) } as const;
  return { load: { mode: 'open', rate_rps: meanRps, arrivals, profile }, replay, durationUs };
}

/** @throws UserError (exit code 2) unless exactly one kind of load is asked for */
export function loadShape(options: LoadOptions): LoadShape {
  const task = loadTask(options);
  const { concurrency, rate, arrivals } = options;
  if (task.kind === 'ladder') return { mode: 'closed', concurrency: task.levels[0] ?? 1 };
  if (concurrency !== null) return { mode: 'closed', concurrency };
  const profile = profileOf(options);
  // A search that has no rate to start from finds one.
  return {
    mode: 'open',
    rate_rps: rate ?? LOAD_OPTIONS.rate.min,
    arrivals,
    ...(profile !== null && { profile }),
  };
}

/** @throws UserError (exit code 2) for words that do not go together */
function profileOf(options: LoadOptions): LoadProfile | null {
  const { loadProfile: shape, toRate: to_rps } = options;
  if (shape === 'soak' && to_rps === null) return { shape };
  if (shape === null) {
    if (to_rps === null) return null;
    throw usageError('--to-rate is given without --load-profile', 'Add --load-profile step, ramp or spike.');
  }
  if (to_rps === null) throw usageError(`a ${shape} needs a second rate`, 'Add --to-rate R.');
  switch (shape) {
    case 'soak':
      throw usageError('a soak has one rate', 'Leave --to-rate out, or use --load-profile ramp.');
    case 'step':
      return { shape, to_rps, steps: options.steps };
    case 'ramp':
      return { shape, to_rps };
    case 'spike':
      return { shape, to_rps, spike_s: spikeLengthS(options) };
  }
}

const SPIKE_SHARE = 0.2;

function spikeLengthS({ spikeLength, duration }: LoadOptions): number {
  const durationS = parseDurationUs(duration) / US_PER_S;
  const lengthS = spikeLength === null ? SPIKE_SHARE * durationS : parseDurationUs(spikeLength) / US_PER_S;
  if (lengthS < durationS) return lengthS;
  throw usageError(
    `a spike of ${lengthS} s does not fit into the ${durationS} s that are measured`,
    'Lengthen --duration, or shorten --spike-length.',
  );
}
