import { alignedTable } from '@servelab/lab';
import type { FuzzTarget, OpenTarget } from './fuzz-target.js';
import { KeptFailures } from './keep-failures.js';
import { runCases } from './run-cases.js';

/** Targets take turns, so that a short run has been everywhere. */
const TURN_MS = 10_000;
const LINE_EVERY_MS = 60_000;

export interface FuzzPlan {
  readonly durationMs: number;
  readonly seed: number;
  readonly targets: readonly FuzzTarget[];
  /** One case of each target, and no more. */
  readonly onlyCase: number | null;
  readonly folder: string;
}

interface Tally {
  readonly target: FuzzTarget;
  open: OpenTarget | null;
  /** Number of the next case. */
  next: number;
  failures: number;
  spentMs: number;
}

/** @returns the exit code: 0, 1 where anything failed; 130 where it was stopped before */
export async function fuzzFor({ durationMs, seed, targets, onlyCase, folder }: FuzzPlan): Promise<number> {
  const kept = new KeptFailures(folder);
  const tallies = targets.map(
    (target): Tally => ({ target, open: null, next: onlyCase ?? 0, failures: 0, spentMs: 0 }),
  );
  const stop = stopOnSignals();
  const startMs = performance.now();
  const turnMs = Math.min(TURN_MS, durationMs / targets.length);
  const isOver = () => stop.signal !== null || performance.now() - startMs >= durationMs;
  console.log(`fuzzing ${targets.map(({ name }) => name).join(', ')} for ${words(durationMs)}, seed ${seed}`);
  const lines = setInterval(() => void tell(tallies, startMs), LINE_EVERY_MS);
  try {
    for (let turn = 0; !isOver() && (onlyCase === null || turn < tallies.length); turn++) {
      const tally = tallies[turn % tallies.length] as Tally;
      const endMs = performance.now() + turnMs;
      const goesOn = (number: number) =>
        onlyCase === null ? !isOver() && performance.now() < endMs : number === onlyCase;
      await takeTurn(tally, { seed, goesOn }, kept);
    }
  } finally {
    clearInterval(lines);
    await Promise.all(tallies.map(({ open }) => open?.close()));
    stop.forget();
  }
  console.log(
    `\n${table(tallies)}\nseed ${seed}, ${words(performance.now() - startMs)}, ${kept.total} failures`,
  );
  for (const file of kept.files) console.log(`  ${file}`);
  if (kept.total > 0) return 1;
  return stop.signal === null ? 0 : 130;
}

async function takeTurn(
  tally: Tally,
  { seed, goesOn }: { seed: number; goesOn: (number: number) => boolean },
  kept: KeptFailures,
): Promise<void> {
  const { target } = tally;
  const startMs = performance.now();
  const fail = (failure: Parameters<KeptFailures['keep']>[0]) => {
    tally.failures++;
    const line = kept.keep(failure);
    if (line !== null) console.log(line);
  };
  try {
    tally.open ??= await target.open();
    const { next, failures } = await runCases(target, tally.open, { seed, from: tally.next, goesOn });
    tally.next = next;
    for (const failure of failures) fail(failure);
  } catch (error) {
    fail({ target: target.name, seed, number: null, fault: String((error as Error).stack), input: null });
    await tally.open?.close().catch(() => {});
    tally.open = null;
  }
  tally.spentMs += performance.now() - startMs;
}

interface Stop {
  signal: NodeJS.Signals | null;
  forget(): void;
}

/** The first signal ends it in order after the cases that run; the second at once. */
function stopOnSignals(): Stop {
  const onSignal = (name: NodeJS.Signals) => {
    if (stop.signal !== null) process.exit(130);
    stop.signal = name;
    console.log(`${name}: ending after the cases that run; once more to end at once`);
  };
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of names) process.on(name, onSignal);
  const stop: Stop = {
    signal: null,
    forget: () => {
      for (const name of names) process.off(name, onSignal);
    },
  };
  return stop;
}

async function tell(tallies: readonly Tally[], startMs: number): Promise<void> {
  const cases = tallies.map(
    ({ target, next, failures }) => `${target.name} ${next}${failures > 0 ? ` (${failures} FAILED)` : ''}`,
  );
  const states = await Promise.all(
    tallies.map(async ({ open }) => await open?.state?.().catch(() => 'no server')),
  );
  const ownMib = process.memoryUsage.rss() / 1024 / 1024;
  const memory = [
    ...new Set(states.filter((state) => state !== undefined)),
    `own memory ${ownMib.toFixed(0)} MiB`,
  ];
  console.log(`${words(performance.now() - startMs)}: ${cases.join(', ')}; ${memory.join(', ')}`);
}

function table(tallies: readonly Tally[]): string {
  const rows = tallies.map(({ target, next, failures, spentMs }) => [
    target.name,
    `${next}`,
    `${(next / Math.max(1, spentMs / 1000)).toFixed(0)}`,
    `${failures}`,
  ]);
  return alignedTable([['target', 'cases', 'a second', 'failures'], ...rows], [0]);
}

function words(ms: number): string {
  const s = Math.round(ms / 1000);
  return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')} min`;
}
