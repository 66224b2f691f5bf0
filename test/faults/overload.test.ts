import { percentile, sortSamples } from '@servelab/core';
import { afterEach, expect, it } from 'vitest';
import { onePixelGif } from '../fixtures/one-pixel-gif.js';
import { treePeakMib } from '../fixtures/process-tree.js';
import { SimulatedServer } from '../fixtures/simulated-server.js';

const DEADLINE_MS = 300;
const OVERLOAD = 1.5;
const MEASURED_MS = 30_000;
const CALIBRATION_MS = 3000;

let server: SimulatedServer;
afterEach(() => server.stop());

interface Answer {
  readonly status: number;
  readonly latencyMs: number;
}

const ask = async (fromMs: number): Promise<Answer> => {
  const { status } = await server.predict(onePixelGif(5), { 'x-request-timeout-ms': `${DEADLINE_MS}` });
  return { status, latencyMs: performance.now() - fromMs };
};

/** Answers a second with more clients than two batches hold. */
async function capacityRps(): Promise<number> {
  const endMs = performance.now() + CALIBRATION_MS;
  let answered = 0;
  const client = async () => {
    while (performance.now() < endMs) if ((await ask(performance.now())).status === 200) answered++;
  };
  await Promise.all(Array.from({ length: 24 }, client));
  return answered / (CALIBRATION_MS / 1000);
}

/** One request every `gapMs`, whatever becomes of the others; latency from the moment it was due. */
async function openLoop(gapMs: number, durationMs: number): Promise<Answer[]> {
  const answers: Promise<Answer>[] = [];
  const startMs = performance.now();
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      for (; answers.length * gapMs < performance.now() - startMs; ) {
        const dueMs = startMs + answers.length * gapMs;
        if (dueMs - startMs >= durationMs) {
          clearInterval(timer);
          return resolve();
        }
        answers.push(ask(dueMs));
      }
    }, 1);
  });
  return await Promise.all(answers);
}

/** How long the probe takes, asked again as soon as it has answered, but not more than ten times a second. */
async function slowestProbeMs(until: Promise<unknown>): Promise<number> {
  let slowestMs = 0;
  let running = true;
  void until.finally(() => {
    running = false;
  });
  while (running) {
    const startMs = performance.now();
    await server.status('/livez');
    slowestMs = Math.max(slowestMs, performance.now() - startMs);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return slowestMs;
}

it('half more than it can serve, for 30 s: goodput stays, refusals come at once, probes answer, memory is flat', async () => {
  server = await SimulatedServer.start({ batch_ms: { 1: 20, 8: 40 } }, '--workers', '1');
  await capacityRps(); // the first answers are slow: code is compiled
  const capacity = await capacityRps();
  const beforeMib = treePeakMib(server.process.pid);
  const load = openLoop(1000 / (OVERLOAD * capacity), MEASURED_MS);
  const probeMs = await slowestProbeMs(load);
  const answers = await load;
  const grownMib = treePeakMib(server.process.pid) - beforeMib;

  const good = answers.filter(({ status, latencyMs }) => status === 200 && latencyMs <= DEADLINE_MS).length;
  const refusals = answers.filter(({ status }) => status === 503 || status === 429);
  const late = answers.filter(({ status }) => status === 504).length;
  const refusalP99Ms = percentile(sortSamples(refusals.map(({ latencyMs }) => latencyMs)), 0.99) ?? 0;
  const goodputShare = good / (MEASURED_MS / 1000) / capacity;
  console.log(
    `capacity ${capacity.toFixed(0)}/s, offered ${(OVERLOAD * capacity).toFixed(0)}/s; goodput ${(goodputShare * 100).toFixed(1)} % of capacity; ` +
      `${refusals.length} refused, p99 ${refusalP99Ms.toFixed(1)} ms; ${late} late (504); slowest /livez ${probeMs.toFixed(0)} ms; peak memory +${grownMib.toFixed(0)} MB`,
  );
  expect(answers.filter(({ status }) => ![200, 429, 503, 504].includes(status))).toEqual([]);
  expect(goodputShare).toBeGreaterThanOrEqual(0.95);
  expect(refusalP99Ms).toBeLessThan(20);
  expect(probeMs).toBeLessThan(100);
  expect(grownMib).toBeLessThan(60);
});
