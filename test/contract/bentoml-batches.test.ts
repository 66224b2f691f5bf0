import type { RunningStack } from '@servelab/lab';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IMAGES } from '../fixtures/images.js';
import { peerMissing, peerStackFor } from '../fixtures/peers.js';
import { formRequest } from '../fixtures/request-body.js';

const missing = peerMissing('bentoml');
const MAX_BATCH_SIZE = 8;

// The contract stands before BentoML's batching, not in its place.
describe.skipIf(missing !== null)(`bentoml/tuned${missing === null ? '' : ` (${missing})`}`, () => {
  let running: RunningStack;
  beforeAll(async () => {
    const stack = await peerStackFor('bentoml/tuned');
    running = await stack.start(null, new AbortController().signal);
  });
  afterAll(async () => {
    expect(await running?.stop()).toEqual([]);
  });

  const batchSizes = async (headers: Readonly<Record<string, string>>) =>
    await Promise.all(
      Array.from({ length: 4 * MAX_BATCH_SIZE }, async () => {
        const { body } = formRequest({ field: 'file', bytes: IMAGES.jpeg });
        const response = await fetch(running.predictUrl, { method: 'POST', headers, body });
        await response.arrayBuffer();
        const timing = response.headers.get('server-timing') ?? '';
        return { status: response.status, size: Number(/size (\d+)/.exec(timing)?.[1] ?? 0) };
      }),
    );

  it("puts requests that come together into its dispatcher's batches, none too large", async () => {
    const answers = await batchSizes({});
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    const sizes = answers.map(({ size }) => size);
    expect(Math.max(...sizes)).toBeGreaterThan(1);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(MAX_BATCH_SIZE);
  });

  it('answers 504 when the time of a request is over, though the dispatcher calls that an overload', async () => {
    const answers = await batchSizes({ 'x-request-timeout-ms': '1' });
    expect(answers.every(({ status }) => status === 504)).toBe(true);
    expect((await batchSizes({})).every(({ status }) => status === 200)).toBe(true);
  });

  it.each([
    ['GET', '/nowhere', 404, 'not_found'],
    ['POST', '/infer', 404, 'not_found'],
    ['POST', '/readyz', 405, 'method_not_allowed'],
  ])('says of %s %s what the contract says: %i', async (method, path, status, code) => {
    const response = await fetch(`${running.url}${path}`, { method });
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ status, code });
    expect(response.status).toBe(status);
  });
});
