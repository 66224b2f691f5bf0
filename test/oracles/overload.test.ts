import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { percentile, sortSamples } from '@servelab/core';
import { type LoadShape, readRecords, runDriver } from '@servelab/lab';
import { afterAll, afterEach, beforeAll, it } from 'vitest';
import { onePixelGif } from '../fixtures/one-pixel-gif.js';
import { treePeakMib } from '../fixtures/process-tree.js';
import { SimulatedServer } from '../fixtures/simulated-server.js';
import { heldAgainst, middle } from './figures.js';
import { either, isLong } from './form.js';
import { onTheClock } from './on-the-clock.js';

const S = 1e6;
const DEADLINE_MS = 300;
const OVERLOAD = 1.5;
const ROUNDS = 3;
const ROUND_S = either(2, 15);
/** More users than two batches hold. */
const USERS = 24;

let folder: string;
let server: SimulatedServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'servelab-overload-'));
  await writeFile(join(folder, 'image.gif'), onePixelGif(5));
});
afterEach(() => (isLong ? server.stop() : undefined));
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Answers within the deadline a second, and how long refusals took; without a deadline all users are patient. */
async function drive(load: LoadShape, deadlineMs = Number.POSITIVE_INFINITY) {
  const { recordsPath } = await runDriver({
    url: `${server.url}/predict`,
    adapter: { body: 'raw' },
    ...(Number.isFinite(deadlineMs) && { headers: { 'x-request-timeout-ms': `${deadlineMs}` } }),
    images: [{ path: join(folder, 'image.gif'), expectedClass: null }],
    load,
    warmupUs: 0.5 * S,
    durationUs: ROUND_S * S,
    timeoutUs: 30 * S,
    graceUs: 30 * S,
    seed: 1,
    checkShare: 0,
    recordsPath: join(folder, 'records.ndjson'),
  });
  const records = (await readRecords(recordsPath)).filter(({ phase }) => phase === 'measured');
  const latencyMs = ({ done, scheduled }: (typeof records)[number]) =>
    ((done ?? Number.NaN) - scheduled) / 1000;
  const inTime = records.filter((one) => one.outcome === 'ok' && latencyMs(one) <= deadlineMs);
  return {
    goodputRps: inTime.length / ROUND_S,
    refusalsMs: records.filter(({ outcome }) => outcome === 'rejected').map(latencyMs),
  };
}

/** How long the probe takes, asked ten times a second at most. */
async function slowestProbeMs(until: Promise<unknown>): Promise<number> {
  let slowestMs = 0;
  let running = true;
  const end = () => {
    running = false;
  };
  until.then(end, end);
  while (running) {
    const startMs = performance.now();
    await server.status('/livez');
    slowestMs = Math.max(slowestMs, performance.now() - startMs);
    await delay(100);
  }
  return slowestMs;
}

it('half more than it can serve: goodput stays, refusals come at once, probes answer, memory is flat', (context) => {
  // Load, server and driver share the cores here: what they reach depends on the machine, and on no other work alone.
  context.skip(
    !isLong,
    'measured by make test-oracles; what holds at any speed: test/faults/overload.test.ts',
  );
  return onTheClock(context, async () => {
    server = await SimulatedServer.start(
      { batch_ms: { 1: 20, 8: 40 } },
      '--workers',
      '1',
      '--max-batch-size',
      '8',
    );
    const shares: number[] = [];
    const probesMs: number[] = [];
    const refusalsMs: number[] = [];
    let beforeMib = Number.NaN;
    for (let round = 0; round < ROUNDS; round++) {
      const { goodputRps: capacityRps } = await drive({ mode: 'closed', concurrency: USERS });
      if (round === 0) beforeMib = treePeakMib(server.process.pid);
      const load = { mode: 'open', rate_rps: OVERLOAD * capacityRps, arrivals: 'constant' } as const;
      const driven = drive(load, DEADLINE_MS);
      const [overload, probeMs] = await Promise.all([driven, slowestProbeMs(driven)]);
      probesMs.push(probeMs);
      shares.push((100 * overload.goodputRps) / capacityRps);
      refusalsMs.push(...overload.refusalsMs);
    }
    const refusalP99Ms = percentile(sortSamples(refusalsMs), 0.99) ?? Number.NaN;
    const what = `overload of ${OVERLOAD} times the capacity`;
    return [
      heldAgainst(`${what}: goodput of the capacity, ${ROUNDS} rounds`, middle(shares), {
        from: 95,
        unit: '%',
      }),
      heldAgainst(`${what}: refusals, p99`, refusalP99Ms, { to: 20, unit: 'ms' }),
      heldAgainst(`${what}: slowest probe, ${ROUNDS} rounds`, middle(probesMs), { to: 100, unit: 'ms' }),
      heldAgainst(`${what}: peak memory, growth`, treePeakMib(server.process.pid) - beforeMib, {
        to: 60,
        unit: 'MB',
      }),
    ];
  });
});
