import { join } from 'node:path';
import { EXIT, usageError } from '@servelab/core';
import { type LoadPlan, type LoadResult, pointAlone, recordsOf, runDriver } from '@servelab/lab';
import { obtainImages } from '../bench/obtain-images.js';
import type { Invocation, Terminal } from '../command.js';
import { climbLadder } from '../load/climb-ladder.js';
import { findImages, skippedWords } from '../load/find-images.js';
import { findRate } from '../load/find-rate.js';
import { givenLoad } from '../load/given-load.js';
import { KeptFiles } from '../load/kept-files.js';
import { liveView } from '../load/live-view.js';
import type { LoadJob } from '../load/load-job.js';
import type { LOAD_OPTIONS, LoadOptions } from '../load/load-options.js';
import { loadTarget } from '../load/load-target.js';
import { loadTask } from '../load/load-task.js';
import { planLoad } from '../load/plan-load.js';
import { resultTable } from '../load/result-table.js';

export async function load({
  positionals,
  options,
  terminal,
  signal,
}: Invocation<typeof LOAD_OPTIONS>): Promise<number> {
  if (positionals.length > 1) {
    throw usageError(
      'load takes one URL',
      'Write: servelab load http://127.0.0.1:8080/predict --concurrency 8',
    );
  }
  // Before images are made.
  const target = await loadTarget(positionals[0], options);
  const given = await givenLoad(options);
  const images = await imagePaths(options, terminal, signal);
  const kept = await KeptFiles.open(options.out);
  try {
    const { folder } = kept;
    const plan = planLoad(target, options, images, join(folder, 'records.ndjson'), given);
    const run = (asked: LoadPlan) => runLive(asked, terminal, signal);
    const job: LoadJob = { plan, options, kept, terminal, signal, run };
    const code = await runTask(job);
    return code === EXIT.ok ? conclude(job) : code;
  } finally {
    await kept.close();
  }
}

async function runTask(job: LoadJob): Promise<number> {
  const task = loadTask(job.options);
  if (task.kind === 'search') return await findRate(job);
  if (task.kind === 'ladder') return await climbLadder(job, task.levels);
  const result = await job.run(job.plan);
  await report(job, result);
  return result.aborted ? EXIT.interrupted : EXIT.ok;
}

/** The figures have been shown; whoever asked for files must hear that they are not there. */
function conclude({ kept, options, terminal }: LoadJob): number {
  if (kept.missing.length === 0) return EXIT.ok;
  terminal.err(`error: not written to ${options.out}: ${kept.missing.join(', ')}`);
  terminal.err('fix: make room, or name another folder with --out, and measure again');
  return EXIT.environment;
}

async function imagePaths(options: LoadOptions, terminal: Terminal, signal: AbortSignal): Promise<string[]> {
  if (options.image !== null) {
    const { paths, skipped } = await findImages(options.image, options.recursive);
    const words = skippedWords(skipped);
    if (words !== null) terminal.err(words);
    return [...paths];
  }
  const corpus = await obtainImages('224', options.seed, terminal, signal);
  return corpus.images.map(({ path }) => path);
}

async function runLive(plan: LoadPlan, terminal: Terminal, signal: AbortSignal): Promise<LoadResult> {
  const view = liveView(terminal);
  try {
    return await runDriver(plan, { signal, onProgress: (progress) => view.show(progress) });
  } finally {
    view.end();
  }
}

async function report({ plan, options, kept, terminal }: LoadJob, result: LoadResult): Promise<void> {
  kept.records('records.ndjson', result);
  if (result.counts.scheduled === 0) {
    terminal.err('stopped before anything was measured');
    return;
  }
  const point = pointAlone(plan.url, plan, result, await recordsOf(result), options.slo);
  const text = JSON.stringify(point, null, 2);
  await kept.write('point.json', `${text}\n`);
  terminal.out(options.json ? text : resultTable(plan, point, result));
}
