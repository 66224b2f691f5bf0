import { afterEach, describe, expect, it } from 'vitest';
import { onePixelGif } from '../fixtures/one-pixel-gif.js';
import { type SimulatedCost, SimulatedServer } from '../fixtures/simulated-server.js';

const TRANSPORTS = ['auto', 'ipc'] as const;
let server: SimulatedServer;
afterEach(() => server.stop());

const COST: SimulatedCost = { batch_ms: { 1: 10, 8: 20 } };
const RED = [255, 0, 0] as const;
const good = (n: number) => onePixelGif(0, n % 200, 50);

const workerPids = () => server.process.workerPids();

/** So many clients, each asking again as soon as it is answered. */
async function closedLoop(
  clients: number,
  requests: number,
  ask: (n: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (next < requests) await ask(next++);
    }),
  );
}

describe.skipIf(process.platform !== 'linux').each(TRANSPORTS)(
  'a worker that dies, with --transport %s',
  (transport) => {
    it('by kill -9 under load, again and again: no request fails', async () => {
      server = await SimulatedServer.start(COST, '--workers', '2', '--transport', transport);
      const failed: unknown[] = [];
      await closedLoop(16, 600, async (n) => {
        if (n % 150 === 75) {
          const [victim] = workerPids();
          if (victim !== undefined) process.kill(victim, 'SIGKILL');
        }
        const answer = await server.predict(good(n));
        if (answer.status !== 200) failed.push(answer);
      });
      expect(failed).toEqual([]);
      expect(await server.metric('servelab_worker_restarts_total')).toBe(4);
      await expect.poll(() => server.json('/health')).toMatchObject({ ready_workers: 2 });
    });

    it('the last one: not ready until its successor is, which does not measure again', async () => {
      server = await SimulatedServer.start(COST, '--workers', '1', '--transport', transport);
      const costs = (await server.json('/debug/policy')).batch_costs_ms;
      const [before] = workerPids();
      process.kill(before ?? 0, 'SIGKILL');
      // Held at its very start, so that nobody has to be quick to see the time without a worker.
      let successor: number | undefined;
      while (successor === undefined) successor = workerPids().find((pid) => pid !== before);
      process.kill(successor, 'SIGSTOP');
      await expect.poll(() => server.status('/readyz')).toBe(503);
      expect(await server.status('/livez')).toBe(200);
      process.kill(successor, 'SIGCONT');
      await expect.poll(() => server.status('/readyz')).toBe(200);
      expect(workerPids()).toEqual([successor]);
      expect((await server.json('/debug/policy')).batch_costs_ms).toEqual(costs);
      expect(await server.predict(good(1))).toEqual({ status: 200 });
    });
  },
);

describe.each(TRANSPORTS)('a poisonous image fails alone, with --transport %s', (transport) => {
  it.each(['throw', 'exit', 'hang'] as const)('the model does this on it: %s', async (how) => {
    const poison = { rgb: RED, how };
    server = await SimulatedServer.start(
      { ...COST, poison },
      '--workers',
      '2',
      '--worker-timeout-ms',
      '2000',
      '--transport',
      transport,
    );
    // Eight at once, so that they share a batch with the one.
    const busy = [server.predict(good(100)), server.predict(good(101))];
    const files = Array.from({ length: 8 }, (_, n) => (n === 3 ? onePixelGif(...RED) : good(n)));
    const answers = await Promise.all(files.map((file) => server.predict(file)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 500, 200, 200, 200, 200]);
    expect(answers[3]).toEqual({ status: 500, code: 'inference_failed' });
    expect(await Promise.all(busy)).toEqual([{ status: 200 }, { status: 200 }]);
    expect(await server.predict(good(9))).toEqual({ status: 200 });
  });

  it('nothing but poison: a crash loop slows down, says so, and ends when the poison does', async () => {
    const poison = { rgb: RED, how: 'exit' } as const;
    server = await SimulatedServer.start(
      { ...COST, poison },
      ...['--workers', '1', '--transport', transport],
    );
    const answers = await Promise.all(Array.from({ length: 4 }, () => server.predict(onePixelGif(...RED))));
    expect(answers).toEqual(Array(4).fill({ status: 500, code: 'inference_failed' }));
    // Two runs together, then one each; from the second loss on the place waits 100, 200, 400 ms and more.
    expect(await server.metric('servelab_worker_restarts_total')).toBeLessThanOrEqual(2 + 2 * 4);
    expect(await server.predict(good(1))).toEqual({ status: 200 });
    expect(await server.status('/readyz')).toBe(200);
  });
});
