import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FUZZ_TARGETS } from './fuzz/all-targets.js';
import type { FuzzTarget, OpenTarget } from './fuzz/fuzz-target.js';
import { KeptFailures } from './fuzz/keep-failures.js';
import { runCases } from './fuzz/run-cases.js';

/** Some seconds each; `make fuzz` goes on from there. The mixture of attacks has tests of its own. */
const CASES: Readonly<Record<string, number>> = {
  decoder: 150,
  images: 100,
  forms: 150,
  json: 300,
  codings: 60,
  heads: 150,
  answers: 200,
  load: 3,
  imports: 80,
  config: 80,
};
const FRESH_SEED = Math.floor(Math.random() * 1e6);

const targets = FUZZ_TARGETS.filter(({ name }) => name in CASES);
const opened = new Map<FuzzTarget, OpenTarget>();
beforeAll(async () => {
  for (const target of targets) opened.set(target, await target.open());
});
afterAll(async () => {
  await Promise.all([...opened.values()].map((target) => target.close()));
});

describe.each([
  ['the seed of every run', 1],
  [`a seed of this run, ${FRESH_SEED}`, FRESH_SEED],
])('nothing that strangers send breaks it, with %s:', (_words, seed) => {
  const kept = new KeptFailures('tmp/fuzz');

  it.each(targets.map((target) => [target.name, target] as const))('%s', async (name, target) => {
    const count = CASES[name] ?? 0;
    const open = opened.get(target) ?? (await target.open());
    const { failures } = await runCases(target, open, { seed, from: 0, goesOn: (number) => number < count });
    expect(failures.map((failure) => kept.keep(failure)).filter((line) => line !== null)).toEqual([]);
  });
});
