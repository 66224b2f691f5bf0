import { afterEach, describe, expect, it } from 'vitest';
import { manyScanJpeg } from '../fixtures/many-scan-jpeg.js';
import { blackPng } from '../fixtures/png.js';
import { formRequest } from '../fixtures/request-body.js';
import { type SimulatedCost, SimulatedServer } from '../fixtures/simulated-server.js';

let server: SimulatedServer;
afterEach(() => server.stop());

const COST: SimulatedCost = { batch_ms: { 1: 1, 8: 2 } };
/** Decoded on the worker's own thread at once: it has the model's size. */
const QUICK = manyScanJpeg(224, 224, 1);
/** As many scans as are welcome at this size: half a second and more on any machine. */
const SLOW = manyScanJpeg(7000, 7000, 50);

/** Codes of a request with so many copies of a file. */
async function codesOf(file: Uint8Array, copies: number): Promise<string[]> {
  const parts = Array.from({ length: copies }, () => ({ field: 'files', bytes: file }));
  const response = await fetch(`${server.url}/predict`, { method: 'POST', ...formRequest(...parts) });
  expect(response.status).toBe(200);
  const { results } = (await response.json()) as { results: { error?: { code: string; status: number } }[] };
  return results.map(({ error }) => (error === undefined ? 'ok' : `${error.status} ${error.code}`));
}

const lost = (reason: string) => server.metric('servelab_worker_restarts_total', `reason="${reason}"`);

/** One after the other, until the work is done: at least eight. */
async function askMeanwhile(work: Promise<unknown>): Promise<unknown[]> {
  let isDone = false;
  void work.finally(() => {
    isDone = true;
  });
  const answers: unknown[] = [];
  while (!isDone || answers.length < 8) answers.push(await server.predict(QUICK));
  return answers;
}

const isAnswered = (answer: unknown) => JSON.stringify(answer) === '{"status":200}';

describe('an image that is dear to decode', () => {
  it('by its scans is refused before it is decoded: no worker is lost, and neighbours are answered', async () => {
    server = await SimulatedServer.start(COST, '--workers', '2');
    const request = codesOf(manyScanJpeg(7000, 7000, 800), 8);
    const neighbours = await askMeanwhile(request);
    expect(await request).toEqual(Array(8).fill('413 image_too_complex'));
    expect(neighbours.filter((answer) => !isAnswered(answer))).toEqual([]);
    expect(await server.predict(manyScanJpeg(7000, 7000, 52))).toEqual({
      status: 413,
      code: 'image_too_complex',
    });
    expect(await server.metric('servelab_worker_restarts_total')).toBe(0);
  });

  it('in any other way costs its worker at the limit, and nobody else the answer', async () => {
    server = await SimulatedServer.start(COST, '--workers', '1', '--decode-timeout-ms', '50');
    const request = codesOf(SLOW, 8);
    const neighbours = await askMeanwhile(request);
    expect(await request).toEqual(Array(8).fill('413 image_too_complex'));
    expect(neighbours.filter((answer) => !isAnswered(answer))).toEqual([]);
    expect(await lost('decode-timed-out')).toBe(8);
    expect(await lost('timed-out')).toBe(0);
    expect(await lost('ended')).toBe(0);
    expect(await server.metric('servelab_image_errors_total', 'code="image_too_complex"')).toBe(8);
    expect(await server.predict(QUICK)).toEqual({ status: 200 });
  });

  it('is decoded where the limit allows it', async () => {
    server = await SimulatedServer.start(COST, '--workers', '1', '--decode-timeout-ms', '120000');
    expect(await server.predict(SLOW)).toEqual({ status: 200 });
    expect(await server.metric('servelab_worker_restarts_total')).toBe(0);
  });
});

it('a side over the limit is refused by the header, however few pixels there are', async () => {
  server = await SimulatedServer.start(COST, '--workers', '1');
  // 6 kB of 50,000,000 x 1 pixels cost 679 MB to decode.
  for (const [width, height] of [
    [50_000_000, 1],
    [16_385, 1],
    [1, 16_385],
  ] as const) {
    const answer = await server.predict(blackPng(width, height));
    expect(answer).toEqual({ status: 413, code: 'image_too_large' });
  }
  expect(await server.predict(blackPng(16_384, 1))).toEqual({ status: 200 });
});
