import { randomUUID } from 'node:crypto';
import type { BatchJournal } from '@servelab/core';
import { POLICY_NAMES } from '@servelab/serve';
import { afterEach, describe, expect, it } from 'vitest';
import { onePixelGif } from '../fixtures/one-pixel-gif.js';
import { rawRequest } from '../fixtures/request-body.js';
import { SimulatedServer } from '../fixtures/simulated-server.js';

// What holds on any machine. How much of its capacity the server keeps, and how fast it refuses, are figures:
// test/oracles/overload.test.ts.

const QUEUE_LIMIT = 8;
const NEVER_MS = '600000';
const PATIENT = ['--request-timeout-ms', NEVER_MS, '--worker-timeout-ms', NEVER_MS];

let server: SimulatedServer;
afterEach(() => server.stop());

interface Answer {
  readonly id: string;
  readonly status: number;
  readonly code: string | undefined;
  readonly retryAfter: string | null;
}

async function ask(headers: Record<string, string> = {}): Promise<Answer> {
  const id = randomUUID();
  const request = rawRequest(onePixelGif(5));
  const response = await fetch(`${server.url}/predict`, {
    method: 'POST',
    ...request,
    headers: { ...(request.headers as Record<string, string>), ...headers, 'x-request-id': id },
  });
  const { code } = (await response.json()) as { code?: string };
  return { id, status: response.status, code, retryAfter: response.headers.get('retry-after') };
}

/** Ids of all that were on a worker, in the order of the batches. */
async function idsThatRan(): Promise<string[]> {
  const { batches } = (await server.json('/debug/batches')) as unknown as BatchJournal;
  return batches.flatMap(({ request_ids }) => request_ids);
}

const count = (answers: readonly Answer[], status: number) =>
  answers.filter((answer) => answer.status === status).length;

it('refuses what the queue does not hold while nothing at all is served, and answers all the rest afterwards', async () => {
  const limits = ['--queue-limit', `${QUEUE_LIMIT}`, '--policy', 'greedy', '--workers', '1'];
  server = await SimulatedServer.start({ batch_ms: { 1: 1, 8: 2 } }, ...limits, ...PATIENT);
  const [worker = 0] = server.process.workerPids();
  process.kill(worker, 'SIGSTOP');
  // One is on the worker, and the queue holds its limit.
  const taken = 1 + QUEUE_LIMIT;
  const refused = 30;
  const answers: Answer[] = [];
  const asked = Array.from({ length: taken + refused }, () =>
    ask().then((answer) => void answers.push(answer)),
  );
  await expect.poll(() => answers.length).toBe(refused);
  expect(await server.status('/livez')).toBe(200);
  expect(await server.metric('servelab_queue_images')).toBe(QUEUE_LIMIT);
  for (const { status, code, retryAfter } of answers) {
    expect({ status, code }).toEqual({ status: 429, code: 'queue_full' });
    expect(Number(retryAfter)).toBeGreaterThanOrEqual(1);
  }
  process.kill(worker, 'SIGCONT');
  await Promise.all(asked);
  expect([count(answers, 200), count(answers, 429)]).toEqual([taken, refused]);
  const served = answers.filter(({ status }) => status === 200).map(({ id }) => id);
  expect((await idsThatRan()).sort()).toEqual(served.sort());
  expect(await server.metric('servelab_queue_images')).toBe(0);
});

it('answers 504 at the deadline while nothing is served, and never runs what has its answer', async () => {
  server = await SimulatedServer.start(
    { batch_ms: { 1: 1 } },
    '--policy',
    'greedy',
    '--workers',
    '1',
    ...PATIENT,
  );
  const [worker = 0] = server.process.workerPids();
  process.kill(worker, 'SIGSTOP');
  const patient = [ask(), ask()];
  // One of them is on the worker then.
  await expect.poll(() => server.metric('servelab_queue_images')).toBe(1);
  const late = await Promise.all(Array.from({ length: 4 }, () => ask({ 'x-request-timeout-ms': '50' })));
  expect(late.map(({ code }) => code)).toEqual(Array(4).fill('deadline_exceeded'));
  process.kill(worker, 'SIGCONT');
  const served = await Promise.all(patient);
  expect(count(served, 200)).toBe(2);
  expect((await idsThatRan()).sort()).toEqual(served.map(({ id }) => id).sort());
});

describe.each(POLICY_NAMES)('more clients than queue and batch hold, with --policy %s', (policy) => {
  const CLIENTS = 100;
  /** Not more than the journal holds batches. */
  const REQUESTS = 400;
  const LIMIT = 32;
  const KNOWN = [200, 429, 503, 504];

  it('every request has one answer, none that was refused ran, and the probes go on', async () => {
    const limits = ['--queue-limit', `${LIMIT}`, '--max-batch-size', '8', '--workers', '1'];
    const args = [...limits, '--policy', policy, ...PATIENT];
    server = await SimulatedServer.start({ batch_ms: { 1: 4, 8: 8 } }, ...args);
    // Until somebody is refused, so that there is a crowd, however slow the clients are.
    const [worker = 0] = server.process.workerPids();
    process.kill(worker, 'SIGSTOP');
    const answers: Answer[] = [];
    let next = 0;
    let running = true;
    const client = async () => {
      while (next < REQUESTS) {
        // Every fourth has little time.
        answers.push(await ask(next++ % 4 === 3 ? { 'x-request-timeout-ms': '300' } : {}));
      }
    };
    const probes = (async () => {
      const seen: { live: number; queued: number }[] = [];
      while (running) {
        const [live, queued] = [await server.status('/livez'), await server.metric('servelab_queue_images')];
        seen.push({ live, queued });
      }
      return seen;
    })();
    const asking = Promise.all(Array.from({ length: CLIENTS }, client));
    await expect.poll(() => count(answers, 429) + count(answers, 503)).toBeGreaterThan(0);
    process.kill(worker, 'SIGCONT');
    await asking;
    running = false;
    for (const { live, queued } of await probes) {
      expect(live).toBe(200);
      expect(queued).toBeLessThanOrEqual(LIMIT);
    }

    expect(answers).toHaveLength(REQUESTS);
    expect(answers.filter(({ status }) => !KNOWN.includes(status))).toEqual([]);
    expect(count(answers, 200)).toBeGreaterThan(0);
    for (const { retryAfter, status } of answers) if (status === 429) expect(retryAfter).not.toBeNull();
    expect(await server.metric('servelab_images_total')).toBe(count(answers, 200));

    const ran = await idsThatRan();
    const asked = new Map(answers.map((answer) => [answer.id, answer]));
    const times = new Map<string, number>();
    for (const id of ran) if (asked.has(id)) times.set(id, (times.get(id) ?? 0) + 1);
    expect([...times.values()].filter((ranTimes) => ranTimes > 1)).toEqual([]);
    for (const { id, status } of answers) {
      // One whose deadline came while it was on the worker ran in vain.
      if (status !== 504) expect(times.has(id)).toBe(status === 200);
    }
    // Those who waited in the beginning were there together.
    const imagesABatch = ran.length / (await server.metric('servelab_batch_size_count'));
    if (policy === 'none') expect(imagesABatch).toBe(1);
    else expect(imagesABatch).toBeGreaterThan(1);
    expect(await server.metric('servelab_queue_images')).toBe(0);
  });
});
