import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT, usageError } from '@servelab/core';
import { type LoadPlan, type LoadResult, pointAlone, readRecords, runDriver } from '@servelab/lab';
import { obtainImages } from '../bench/obtain-images.js';
import { defineCommand, type Terminal } from '../command.js';
import { climbLadder } from '../load/climb-ladder.js';
import { findImages, skippedWords } from '../load/find-images.js';
import { findRate } from '../load/find-rate.js';
import { givenLoad } from '../load/given-load.js';
import { liveView } from '../load/live-view.js';
import type { LoadJob } from '../load/load-job.js';
import { LOAD_OPTIONS, type LoadOptions } from '../load/load-options.js';
import { loadTarget } from '../load/load-target.js';
import { loadTask } from '../load/load-task.js';
import { planLoad } from '../load/plan-load.js';
import { resultTable } from '../load/result-table.js';

export const load = defineCommand({
  positionals: '[URL]',
  options: LOAD_OPTIONS,
  configSection: 'load',
  async run({ positionals, options, terminal, signal }) {
    if (positionals.length > 1) {
      throw usageError(
        'load takes one URL',
        'Write: servelab load http://127.0.0.1:8080/predict --concurrency 8',
      );
    }
    // Before images are made.
    const target = await loadTarget(positionals[0], options);
    const given = await givenLoad(options);
    const images = await imagePaths(options, terminal);
    const folder = options.out ?? (await mkdtemp(join(tmpdir(), 'servelab-load-')));
    try {
      await mkdir(folder, { recursive: true });
      const plan = planLoad(target, options, images, join(folder, 'records.ndjson'), given);
      const run = (asked: LoadPlan) => runLive(asked, terminal, signal);
      const job: LoadJob = { plan, options, folder, terminal, signal, run };
      const task = loadTask(options);
      if (task.kind === 'search') return await findRate(job);
      if (task.kind === 'ladder') return await climbLadder(job, task.levels);
      const result = await run(plan);
      await report(plan, result, options, terminal);
      return result.aborted ? EXIT.interrupted : EXIT.ok;
    } finally {
      if (options.out === null) await rm(folder, { recursive: true, force: true });
    }
  },
});

async function imagePaths(options: LoadOptions, terminal: Terminal): Promise<string[]> {
  if (options.image !== null) {
    const { paths, skipped } = await findImages(options.image, options.recursive);
    const words = skippedWords(skipped);
    if (words !== null) terminal.err(words);
    return [...paths];
  }
  const corpus = await obtainImages('224', options.seed, terminal);
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

async function report(
  plan: LoadPlan,
  result: LoadResult,
  { json, out, slo }: LoadOptions,
  terminal: Terminal,
): Promise<void> {
  if (result.counts.scheduled === 0) {
    terminal.err('stopped before anything was measured');
    return;
  }
  const point = pointAlone(plan.url, plan, result, await readRecords(result.recordsPath), slo);
  if (out !== null) await writeFile(join(out, 'point.json'), `${JSON.stringify(point, null, 2)}\n`);
  if (json) terminal.out(JSON.stringify(point, null, 2));
  else terminal.out(resultTable(plan.url, point, result));
}
