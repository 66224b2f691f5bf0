import { type Check, type CheckScope, pairedDifference } from '@servelab/core';
import type { CacheProbe, RunManifest, StackRun } from '../../record/run-folder.js';
import { judge } from './check.js';
import { calibrationCheck } from './driver-checks.js';

/** An image that was seen before may not be answered more than this much faster, per cent. */
const CACHE_GAIN_PCT = 10;

/** The checks of a run as a whole and of its stacks, before any of its points is looked at. */
export function runChecks({ stacks, points, interrupted, driver }: RunManifest): Check[] {
  const state = interrupted ? 'interrupted' : points.length > 0 ? 'finished' : 'nothing measured';
  // A run that is ended by what it shows is not the run that was planned: its error rates do not hold.
  const completed = judge('run-completed', Number(state === 'finished'), 1, { params: { state } });
  return [
    { ...completed, where: { scope: 'run' } },
    ...(driver === undefined ? [] : [calibrationCheck(driver)]),
    ...stacks.flatMap(stackChecks),
  ];
}

function stackChecks({ name, workload, failure, golden, cache_probe }: StackRun): Check[] {
  const where: CheckScope = { scope: 'stack', stack: name, workload };
  const params = failure === undefined ? {} : { params: { failure: failure.message } };
  const checks = [judge('stack-running', Number(failure === undefined), 1, params)];
  if (cache_probe !== undefined) checks.push(cacheCheck(cache_probe));
  if (golden !== null) {
    const { agreed, required, checked } = golden;
    checks.push(judge('golden-images', agreed, required, { params: { checked } }));
  }
  return checks.map((check) => ({ ...check, where }));
}

/** Failed only where the gain is beyond doubt: a dozen requests scatter, so the upper end of the interval counts. */
function cacheCheck({ again_ms, fresh_ms }: CacheProbe) {
  const { value, ci95 } = pairedDifference(again_ms.map((ms, n) => [ms, fresh_ms[n] ?? null])).differencePct;
  if (value === null || ci95 === null)
    return judge('cache-probe', null, -CACHE_GAIN_PCT, { passUnmeasured: true });
  const [lowPct, highPct] = ci95;
  return judge('cache-probe', highPct, -CACHE_GAIN_PCT, {
    params: { change_pct: value, ci95_low_pct: lowPct, ci95_high_pct: highPct },
  });
}
