import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Report } from '@servelab/core';
import { reportSchema } from '@servelab/core/report-schema';
import { findCores } from '@servelab/lab';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runServelab } from '../fixtures/run-servelab.js';
import { seenOnTheClock } from '../oracles/on-the-clock.js';

const FAULTY = fileURLToPath(new URL('../fixtures/faulty-server.mjs', import.meta.url));
const NULL_SERVER = createRequire(import.meta.url).resolve('@servelab/lab/null-server');
const GUIDE = fileURLToPath(new URL('../../docs/results-guide.md', import.meta.url));

let folder: string;
let runs = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'servelab-flags-'));
});
afterAll(() => rm(folder, { recursive: true }));

interface Bench {
  /** Of the faulty server; or another server's script. */
  fault: string | { script: string };
  repeats?: number;
  expectation?: 'none' | 'contract';
  rate?: string;
  more?: string[];
  /** Runs everything under this command. */
  under?: string[];
}

/** A short bench of a server with a fault: enough requests, unless the rate is low. */
async function bench(asked: Bench) {
  const { fault, repeats = 2, expectation = 'none', rate = '100', more = [], under = [] } = asked;
  const script = typeof fault === 'string' ? [FAULTY, fault] : [fault.script];
  const command = JSON.stringify([process.execPath, ...script, '{port}']);
  const url = 'http://127.0.0.1:{port}/predict';
  await writeFile(
    join(folder, 'servelab.yaml'),
    `stacks:\n  mine: {command: ${command}, url: '${url}', body: raw, expect: ${expectation}}\n`,
  );
  const brief = ['--repeats', String(repeats), '--warmup', '200ms', '--duration', '600ms', '--levels', '2'];
  const args = ['bench', '--stacks', 'mine', '--workloads', 'photographs', ...brief, '--rates', rate];
  const out = `run-${++runs}`;
  const { code, stderr } = await runServelab([...args, '--out', out, ...more], { cwd: folder, under });
  expect(code, stderr).toBe(0);
  const report: Report = reportSchema.parse(
    JSON.parse(await readFile(join(folder, out, 'report.json'), 'utf8')),
  );
  const broken = report.gates.filter(({ ok }) => !ok);
  const open = report.stacks[0]?.points.find(({ load }) => load.mode === 'open');
  const closed = report.stacks[0]?.points.find(({ load }) => load.mode === 'closed');
  return { report, broken, open, closed, path: join(folder, out) };
}

/** Words with their figures left open, so that those of one run are found in the example of another. */
const withoutFigures = (words: string) => words.replaceAll(/-?\d[\d.]*/g, '#');

/** Some of these reasons say it, and the guide explains them in the very words. */
async function expectSaid(reasons: readonly string[] | undefined, pattern: RegExp) {
  const said = reasons?.filter((reason) => pattern.test(reason)) ?? [];
  expect(said, reasons?.join('; ')).not.toEqual([]);
  const guide = withoutFigures(await readFile(GUIDE, 'utf8'));
  for (const words of said) expect(guide).toContain(withoutFigures(words));
}

/** A broken rule makes the run INVALID, says what to do, and leaves no winner. */
function expectInvalid({ report, broken }: Awaited<ReturnType<typeof bench>>) {
  expect(report.verdict).toMatchObject({ status: 'INVALID', winner: null });
  for (const { fix } of broken) expect(fix).toMatch(/\w+ \w+/);
}

/** What the referee itself says about the machine: an invalid point has no word about the server's load. */
function noiseAmong(reasons: readonly string[] | undefined): string | null {
  const noise = reasons?.filter((reason) => /^the (machine keeps|hypervisor steals)/.test(reason)) ?? [];
  return noise.length > 0 ? noise.join('; ') : null;
}

// Other work on the machine can break further rules, which changes nothing here, and hide what is small: only that is
// judged on the clock.
describe('the referee notices', () => {
  it('a client that cannot send as fast as it should', async () => {
    const run = await bench({ fault: 'none', rate: '60000' });
    expectInvalid(run);
    await expectSaid(
      run.open?.verdict.reasons,
      /^the client (sends on time|reaches the scheduled rate|has time to spare)/,
    );
  });

  it('too few requests for the percentile that decides', async () => {
    const run = await bench({ fault: 'none', rate: '10' });
    expectInvalid(run);
    await expectSaid(run.open?.verdict.reasons, /^enough requests for p95/);
    expect(run.open?.latency_ms.p95.value).toBeNull();
  });

  it('server and client on one core', async ({ skip }) => {
    const cores = await findCores();
    if (!cores.pinned) return skip(`nothing can be held to one core here: ${cores.reason}`);
    const under = ['taskset', '-c', `${cores.client[0]}`];
    const { report, path } = await bench({ fault: 'none', under });
    expect(report.environment.pinned).toBe(false);
    expect(report.verdict.status).toMatch(/^(VALID_UNPINNED|INVALID)$/);
    await expectSaid(report.verdict.reasons, /had no cores of their own/);
    expect(await readFile(join(path, 'report.md'), 'utf8')).toContain('> **Server and client had no cores');
  });

  it('a server that becomes slower and slower', (context) =>
    seenOnTheClock(
      context,
      async () => {
        const { open } = await bench({ fault: 'slowing' });
        expect(open?.verdict.status).toMatch(/SATURATED|INVALID/);
        return open?.verdict.reasons;
      },
      (reasons) => expectSaid(reasons, /the backlog grew|requests ended while/),
      noiseAmong,
    ));

  it('a server that becomes slower though it keeps up', (context) =>
    seenOnTheClock(
      context,
      () => bench({ fault: 'drifting', repeats: 5 }),
      async (run) => {
        expectInvalid(run);
        expect(run.open?.counts.ok).toBe(run.open?.counts.scheduled);
        await expectSaid(run.open?.verdict.reasons, /^latency is steady, not drifting/);
      },
      ({ open }) => noiseAmong(open?.verdict.reasons),
    ));

  it('a server that is as fast as the client can ask', (context) =>
    seenOnTheClock(
      context,
      () => bench({ fault: { script: NULL_SERVER } }),
      async (run) => {
        expectInvalid(run);
        await expectSaid(run.closed?.verdict.reasons, / is far from the (ceiling|floor) of the client/);
      },
      ({ closed }) => noiseAmong(closed?.verdict.reasons),
    ));

  it('a server that answers from a cache', async () => {
    const run = await bench({ fault: 'caching' });
    expectInvalid(run);
    await expectSaid(run.report.verdict.reasons, /an image seen before is not answered faster/);
  });

  it('a server with wrong answers', async () => {
    const run = await bench({ fault: 'wrong', expectation: 'contract' });
    expectInvalid(run);
    await expectSaid(run.report.verdict.reasons, /golden images are answered right before timing/);
    await expectSaid(run.open?.verdict.reasons, /^answers are right while timed/);
  });

  it('a server that answers every second question only', (context) =>
    seenOnTheClock(
      context,
      async () => {
        const { open } = await bench({ fault: 'half-dead', more: ['--timeout', '300ms'] });
        expect(open?.verdict.status).toMatch(/SATURATED|INVALID/);
        const { scheduled = 0, timed_out = 0, incomplete = 0 } = open?.counts ?? {};
        expect((timed_out ?? 0) + incomplete).toBeGreaterThan(scheduled / 4);
        return open?.verdict.reasons;
      },
      (reasons) => expectSaid(reasons, /got no answer \(.*timed out\)/),
      noiseAmong,
    ));
});
