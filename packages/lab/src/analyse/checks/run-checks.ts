import { type Gate, pairedDifference } from '@servelab/core';
import type { CacheProbe, RunManifest } from '../../record/run-folder.js';
import { calibrationGate } from './driver-checks.js';

/** The rules for a run as a whole, before any of its points is looked at. */
export function runGates({ stacks, points, interrupted, driver }: RunManifest): Gate[] {
  const gates = stacks.flatMap(({ name, workload, failure, golden, cache_probe }): Gate[] => {
    const where = `${name}, ${workload}`;
    const started: Gate = {
      rule: 'the stack starts and stays up',
      value: failure?.message ?? 'up',
      limit: 'up',
      ok: failure === undefined,
      where,
      fix: 'See the end of its log in run.json.',
    };
    const cache = cache_probe === undefined ? [] : [cacheGate(cache_probe, where)];
    if (golden === null) return [started, ...cache];
    return [
      started,
      ...cache,
      {
        rule: 'golden images are answered right before timing',
        value: `${golden.agreed} of ${golden.checked}`,
        limit: `${golden.required} of ${golden.checked}`,
        ok: golden.agreed >= golden.required,
        where,
        fix: "Compare the stack's preprocessing and labels with the reference: `servelab model verify`.",
      },
    ];
  });
  const measured = points.length > 0;
  return [
    {
      // A run that is ended by what it shows is not the run that was planned: its error rates do not hold.
      rule: 'the run was finished as planned',
      value: interrupted ? 'interrupted' : measured ? 'finished' : 'nothing measured',
      limit: 'finished',
      ok: !interrupted && measured,
      where: 'run',
      fix: 'Run it again with the command in this report.',
    },
    ...(driver === undefined ? [] : [calibrationGate(driver)]),
    ...gates,
  ];
}

/** An image that was seen before may not be answered more than this much faster, per cent. */
const CACHE_GAIN_PCT = 10;

/** Broken only where the gain is beyond doubt: a dozen requests scatter. */
function cacheGate({ again_ms, fresh_ms }: CacheProbe, where: string): Gate {
  const { value, ci95 } = pairedDifference(again_ms.map((ms, n) => [ms, fresh_ms[n] ?? null])).differencePct;
  const [fastest, slowest] = ci95 ?? [0, 0];
  return {
    rule: 'an image seen before is not answered faster',
    value: value === null ? null : `${value.toFixed(1)} % [${fastest.toFixed(1)}, ${slowest.toFixed(1)}]`,
    limit: `-${CACHE_GAIN_PCT} %`,
    ok: slowest >= -CACHE_GAIN_PCT,
    where,
    fix: 'The stack answers from a cache: switch it off, or its figures are those of the cache.',
  };
}
