import type { StackResult } from '@servelab/core';
import type { CapacityRun } from '../record/run-folder.js';
import { judgeTry } from './judge-try.js';
import type { PointSample } from './point-sample.js';
import { bracketSoFar } from './rate-bracket.js';
import { parseSlo } from './slo.js';

/** The bracket that the windows of a search amount to, each judged anew from its records. */
export function capacityOf(
  { slo: text, tries }: CapacityRun,
  loadPoint: (id: string) => Pick<PointSample, 'records' | 'server'>,
): NonNullable<StackResult['capacity']> {
  const slo = parseSlo(text);
  const votes = tries.map((run) => {
    const { rate_rps, outcome } = judgeTry({ run, ...loadPoint(run.id) }, slo);
    return { rateRps: rate_rps, outcome };
  });
  const { passRps, failRps } = bracketSoFar(votes);
  return { pass_rps: passRps, fail_rps: failRps, slo: text };
}
