import type { Point } from '@servelab/core';

/** More throughput than this is worth another level. */
const WORTHWHILE_GAIN = 0.05;

/**
 * The level beyond which throughput gains less than 5 %: the lowest whose throughput no higher level exceeds by more.
 * Null where only the highest level is left, so that nobody knows what is beyond it. Points that are INVALID do not
 * count.
 *
 * @param points closed loops in ascending order of their users
 */
export function findKnee(points: readonly Point[]): number | null {
  const levels = points
    .filter(({ verdict }) => verdict.status !== 'INVALID')
    .map(({ load, throughput_rps }) => ({ users: load.concurrency ?? 0, rps: throughput_rps.value ?? 0 }));
  const knee = levels.findIndex(({ rps }, position) =>
    levels.slice(position + 1).every((higher) => higher.rps < rps * (1 + WORTHWHILE_GAIN)),
  );
  return knee < 0 || knee === levels.length - 1 ? null : (levels[knee]?.users ?? null);
}
