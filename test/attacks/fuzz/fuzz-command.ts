import { parseArgs } from 'node:util';
import { parseDurationUs, UserError, usToMs } from '@servelab/core';
import { FUZZ_TARGETS } from './all-targets.js';
import { type FuzzPlan, fuzzFor } from './fuzz-for.js';
import type { FuzzTarget } from './fuzz-target.js';

const HELP = `Fuzz everything that reads what strangers send, until the time is over or Ctrl-C is pressed.

  --duration 60m   how long (default 5m)
  --seed N         cases follow from it (default: a new one, which is printed)
  --target A,B     some of: ${FUZZ_TARGETS.map(({ name }) => name).join(', ')}
  --case N         one case again, with the seed and the target that it failed with
  --out DIR        where what broke something is kept (default tmp/fuzz)`;

/**
 * @returns the exit code: 0, 1 where something broke, 2 for wrong usage, 130 where it was stopped
 * @public called by scripts/fuzz.mjs
 */
export async function fuzz(args: readonly string[]): Promise<number> {
  try {
    return await fuzzFor(understand(args));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (!(error instanceof UserError) && code?.startsWith('ERR_PARSE_ARGS') !== true) throw error;
    console.error(`error: ${message}\n\n${HELP}`);
    return 2;
  }
}

function understand(args: readonly string[]): FuzzPlan {
  const { values } = parseArgs({
    args: [...args],
    options: {
      duration: { type: 'string', default: '5m' },
      seed: { type: 'string', default: `${Math.floor(Math.random() * 1e6)}` },
      target: { type: 'string', default: FUZZ_TARGETS.map(({ name }) => name).join() },
      case: { type: 'string' },
      out: { type: 'string', default: 'tmp/fuzz' },
    },
  });
  return {
    durationMs: usToMs(parseDurationUs(values.duration)),
    seed: wholeNumber('--seed', values.seed),
    targets: values.target.split(',').map(targetNamed),
    onlyCase: values.case === undefined ? null : wholeNumber('--case', values.case),
    folder: values.out,
  };
}

function targetNamed(name: string): FuzzTarget {
  const target = FUZZ_TARGETS.find((one) => one.name === name);
  if (target === undefined)
    throw new UserError(`there is no target "${name}"`, 'Name one of those below.', 2);
  return target;
}

function wholeNumber(flag: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new UserError(`${flag} ${text} is no whole number`, 'Give one below a thousand million.', 2);
}
