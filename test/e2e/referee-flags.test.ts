import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Point, ReasonId, Report } from '@servelab/core';
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
  const failed = report.checks.filter(({ ok }) => !ok);
  const open = report.stacks[0]?.points.find(({ load }) => load.mode === 'open');
  const closed = report.stacks[0]?.points.find(({ load }) => load.mode === 'closed');
  return { report, failed, open, closed, path: join(folder, out) };
}

type Verdict = Pick<Point['verdict'], 'reasons' | 'reason_ids'>;

/** At least one of these ids is among the reasons, and the guide explains those that are. */
async function expectReason(verdict: Verdict | undefined, ...ids: readonly ReasonId[]) {
  const found = ids.filter((id) => verdict?.reason_ids?.includes(id));
  expect(found, verdict?.reasons.join('; ')).not.toEqual([]);
  const guide = await readFile(GUIDE, 'utf8');
  for (const id of found) expect(guide).toContain(`\`${id}\``);
}

/** A failed check makes the run INVALID, and leaves no winner. */
function expectInvalid({ report, failed }: Awaited<ReturnType<typeof bench>>) {
  expect(report.verdict).toMatchObject({ status: 'INVALID', winner: null });
  expect(report.verdict.reason_ids).toEqual(expect.arrayContaining(failed.map(({ id }) => id)));
}

/** What the referee itself says about the machine: an invalid point has no word about the server's load. */
function noiseAmong(verdict: Verdict | undefined): string | null {
  const ids = verdict?.reason_ids ?? [];
  return ids.some((id) => id === 'machine-speed' || id === 'stolen-time')
    ? (verdict?.reasons.join('; ') ?? null)
    : null;
}

// Other work on the machine can fail further checks, which changes nothing here, and hide what is small: only that is
// judged on the clock.
describe('the referee notices', () => {
  it('a client that cannot send as fast as it should', async () => {
    const run = await bench({ fault: 'none', rate: '60000' });
    expectInvalid(run);
    await expectReason(run.open?.verdict, 'client-on-time', 'client-rate', 'client-utilization');
  });

  it('too few requests for the percentile that decides', async () => {
    const run = await bench({ fault: 'none', rate: '10' });
    expectInvalid(run);
    await expectReason(run.open?.verdict, 'enough-requests-p95');
    expect(run.open?.latency_ms.p95.value).toBeNull();
  });

  it('server and client on one core', async ({ skip }) => {
    const cores = await findCores();
    if (!cores.pinned) return skip(`nothing can be held to one core here: ${cores.reason}`);
    const under = ['taskset', '-c', `${cores.client[0]}`];
    const { report, path } = await bench({ fault: 'none', under });
    expect(report.environment.pinned).toBe(false);
    expect(report.verdict.status).toMatch(/^(VALID_UNPINNED|INVALID)$/);
    await expectReason(report.verdict, 'unpinned');
    expect(await readFile(join(path, 'report.md'), 'utf8')).toContain('> **Server and client had no cores');
  });

  it('a server that becomes slower and slower', (context) =>
    seenOnTheClock(
      context,
      async () => {
        const { open } = await bench({ fault: 'slowing' });
        expect(open?.verdict.status).toMatch(/SATURATED|INVALID/);
        return open?.verdict;
      },
      (verdict) => expectReason(verdict, 'growing-backlog', 'completions-behind'),
      noiseAmong,
    ));

  it('a server that becomes slower though it keeps up', (context) =>
    seenOnTheClock(
      context,
      () => bench({ fault: 'drifting', repeats: 5 }),
      async (run) => {
        expectInvalid(run);
        expect(run.open?.counts.ok).toBe(run.open?.counts.scheduled);
        await expectReason(run.open?.verdict, 'latency-drift');
      },
      ({ open }) => noiseAmong(open?.verdict),
    ));

  it('a server that is as fast as the client can ask', (context) =>
    seenOnTheClock(
      context,
      () => bench({ fault: { script: NULL_SERVER } }),
      async (run) => {
        expectInvalid(run);
        await expectReason(run.closed?.verdict, 'client-ceiling', 'client-floor');
      },
      ({ closed }) => noiseAmong(closed?.verdict),
    ));

  it('a server that answers from a cache', async () => {
    const run = await bench({ fault: 'caching' });
    expectInvalid(run);
    await expectReason(run.report.verdict, 'cache-probe');
  });

  it('a server with wrong answers', async () => {
    const run = await bench({ fault: 'wrong', expectation: 'contract' });
    expectInvalid(run);
    await expectReason(run.report.verdict, 'golden-images');
    await expectReason(run.open?.verdict, 'wrong-answers');
  });

  it('a server that answers every second question only', (context) =>
    seenOnTheClock(
      context,
      async () => {
        const { open } = await bench({ fault: 'half-dead', more: ['--timeout', '300ms'] });
        expect(open?.verdict.status).toMatch(/SATURATED|INVALID/);
        const { scheduled = 0, timed_out = 0, incomplete = 0 } = open?.counts ?? {};
        expect((timed_out ?? 0) + incomplete).toBeGreaterThan(scheduled / 4);
        return open?.verdict;
      },
      (verdict) => expectReason(verdict, 'unanswered-requests'),
      noiseAmong,
    ));
});
