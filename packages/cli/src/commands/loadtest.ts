import { EXIT, parseDurationUs, splitCredentials, usageError } from '@servelab/core';
import type { RunningForm } from '@servelab/lab';
import { obtainImages } from '../bench/obtain-images.js';
import type { Invocation, Terminal } from '../command.js';
import { findTargets, type Targets } from '../loadtest/find-targets.js';
import type { LOADTEST_OPTIONS, LoadTestOptions } from '../loadtest/loadtest-options.js';
import { obtainTool } from '../loadtest/obtain-tool.js';
import { runOwnLevels } from '../loadtest/own-levels.js';
import { baseOf, runToolLevels } from '../loadtest/tool-levels.js';

const SEED = 1;

export async function loadtest({
  options,
  terminal,
  signal,
}: Invocation<typeof LOADTEST_OPTIONS>): Promise<number> {
  const durationUs = parseDurationUs(options.durationPerLevel);
  const rates = options.rates.map((text) => requireAboveZero('--rates', text));
  const levels = options.concurrencyLevels.map(requireLevel);
  requireFitting(options);
  try {
    const tool = options.tool === 'servelab' ? null : await obtainTool(options, terminal, signal);
    const targets = await targetsOf(options, terminal, signal);
    try {
      const corpus = await obtainImages('224', SEED, terminal, signal);
      if (tool === null) return await runOwnLevels({ levels, durationUs, corpus }, targets, terminal, signal);
      const shapes = { levels: rates.length > 0 ? [] : levels, rates };
      const { authorization } = splitCredentials(options.targetUrl ?? '');
      const asked = { tool, ...shapes, durationUs, corpus, ui: options.ui, authorization };
      return await runToolLevels(asked, targets, terminal, signal);
    } finally {
      await targets.release();
    }
  } catch (error) {
    if (signal.aborted) return EXIT.interrupted;
    throw error;
  }
}

async function targetsOf(
  { targetUrl, field, stacks }: LoadTestOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<Targets> {
  if (targetUrl === null) return await findTargets(stacks, terminal, signal);
  const base = baseOf(targetUrl);
  const target: RunningForm = {
    name: new URL(base).host,
    url: `${base}/predict`,
    adapter: { body: 'multipart', field },
  };
  return { targets: [target], down: [], release: async () => {} };
}

/** @throws UserError (exit code 2) for options that the tool does not have */
function requireFitting({ tool, ui, rates, targetUrl }: LoadTestOptions): void {
  if (ui && tool !== 'locust') throw usageError(`${tool} has no page of its own`, 'Add --tool locust.');
  if (rates.length > 0 && tool !== 'k6') {
    throw usageError(`${tool} sends no rates here`, 'Add --tool k6, or use "servelab load URL --rate R".');
  }
  if (targetUrl !== null && tool === 'servelab') {
    throw usageError('--target-url is for Locust and k6', 'Use "servelab load URL", or add --tool k6.');
  }
}

function requireLevel(text: string): number {
  const level = Number(text);
  if (Number.isInteger(level) && level > 0) return level;
  throw usageError(`--concurrency-levels has "${text}"`, 'Give whole numbers above 0, such as "1 5 10 20".');
}

function requireAboveZero(flag: string, text: string): number {
  const value = Number(text);
  if (value > 0) return value;
  throw usageError(`${flag} has "${text}"`, 'Give numbers above 0, such as "20 40".');
}
