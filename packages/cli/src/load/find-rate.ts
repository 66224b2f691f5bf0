import { join } from 'node:path';
import { EXIT, msToUs } from '@servelab/core';
import {
  closedCapacity,
  DEFAULT_SLO,
  judgeTry,
  type LoadPlan,
  parseSlo,
  planRateSearch,
  type RateSearch,
  type RateTry,
  recordsOf,
  type Slo,
  START_SHARE,
  sampleAlone,
  searchRate,
  tryDurationUs,
} from '@servelab/lab';
import type { LoadJob } from './load-job.js';
import { targetWords } from './result-table.js';
import { searchTable, tryLine } from './search-table.js';

/** One request alone is enough; the driver asks for some length. */
const DRAIN_US = msToUs(100);

/** `servelab load URL --find-rate`. @returns the exit code */
export async function findRate(job: LoadJob): Promise<number> {
  const { plan, options, kept, terminal, signal } = job;
  const slo = parseSlo(options.slo ?? DEFAULT_SLO);
  const search = await planSearch(job, slo);
  if (signal.aborted) return EXIT.interrupted;
  let overloaded = false;
  const result = await searchRate(search, async (rateRps, number) => {
    if (overloaded) await drained(job);
    const tried = await measureTry(job, slo, rateRps, number);
    if (tried === null) return null;
    overloaded = tried.outcome !== 'pass';
    terminal.err(tryLine(tried, slo));
    return tried;
  });
  const { passRps: pass_rps, failRps: fail_rps, end, tries } = result;
  const insecure = plan.insecure === true && { insecure: true };
  const text = `${JSON.stringify({ slo: slo.text, ...insecure, pass_rps, fail_rps, end, tries }, null, 2)}\n`;
  await kept.write('search.json', text);
  terminal.out(options.json ? text.trimEnd() : searchTable(targetWords(plan.url, plan), slo, result));
  return end === 'interrupted' ? EXIT.interrupted : EXIT.ok;
}

async function planSearch({ plan, options, run }: LoadJob, slo: Slo): Promise<RateSearch> {
  const firstRps = options.rate ?? START_SHARE * (await closedCapacity(plan, run));
  return planRateSearch(firstRps, slo, {
    durationUs: plan.durationUs,
    relativeWidth: options.bracketPct / 100,
  });
}

/** One window with arrivals of its own: the same ones again would only repeat the same luck. */
async function measureTry(job: LoadJob, slo: Slo, rateRps: number, number: number): Promise<RateTry | null> {
  const name = `try-${number + 1}.ndjson`;
  const plan: LoadPlan = {
    ...job.plan,
    load: { mode: 'open', rate_rps: rateRps, arrivals: job.options.arrivals },
    durationUs: tryDurationUs(rateRps, slo, job.plan.durationUs),
    seed: job.plan.seed + number,
    recordsPath: join(job.kept.folder, name),
  };
  const result = await job.run(plan);
  job.kept.records(name, result);
  if (result.aborted) return null;
  return judgeTry(sampleAlone(plan.url, plan, result, await recordsOf(result)), slo);
}

/**
 * Waits until the server has done what the last window left in its queue, or the next one would pay for it: a request
 * alone is answered after all that came before it.
 */
async function drained({ plan, kept, run }: LoadJob): Promise<void> {
  await run({
    ...plan,
    load: { mode: 'closed', concurrency: 1 },
    warmupUs: 0,
    durationUs: DRAIN_US,
    graceUs: plan.timeoutUs,
    recordsPath: join(kept.folder, 'drain.ndjson'),
  });
}
