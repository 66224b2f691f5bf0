import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createServer } from '@servelab/serve';
import { describe, expect, it } from 'vitest';
import { IMAGES } from '../fixtures/images.js';
import { rawRequest } from '../fixtures/request-body.js';

const simulated = { port: 0, runtime: 'simulated', workers: 1, logLevel: 'silent' } as const;
const predict = (url: string) => fetch(`${url}/predict`, { method: 'POST', ...rawRequest(IMAGES.jpeg) });
const waitingImages = async (url: string) => {
  const { queued_images } = (await (await fetch(`${url}/health`)).json()) as { queued_images: number };
  return queued_images;
};

describe('createServer', () => {
  it('serves in a program of one’s own until it is drained', async () => {
    const server = await createServer({ ...simulated, policy: 'greedy', maxBatchSize: 2 });
    expect((await predict(server.url)).status).toBe(200);
    expect(server.batchCostsMs).toHaveLength(2);
    await server.drain();
    await expect(predict(server.url)).rejects.toThrow();
  });

  it.each(['close', 'drain', 'both'] as const)(
    'answers what is in progress when it ends by %s',
    async (way) => {
      const server = await createServer({ ...simulated, cost: 'keras-predict', policy: 'none' });
      const answers = Array.from({ length: 3 }, () => predict(server.url));
      await expect.poll(() => waitingImages(server.url)).toBeGreaterThan(0);
      await (way === 'both' ? Promise.all([server.drain(), server.close()]) : server[way]());
      expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200, 200]);
      await expect(predict(server.url)).rejects.toThrow();
      await server.close();
    },
  );

  it('does not wait for the drain delay when it is closed or disposed of', async () => {
    const hours = { drainDelayMs: 3_600_000 };
    const closed = await createServer({ ...simulated, ...hours });
    const draining = closed.drain();
    await closed.close();
    await draining;
    const disposed = await createServer({ ...simulated, ...hours });
    await disposed[Symbol.asyncDispose]();
    await expect(predict(disposed.url)).rejects.toThrow();
  });

  it('names options as properties in its errors', async () => {
    const unknown = { ...simulated, maxBatch: 3 } as Parameters<typeof createServer>[0];
    await expect(createServer(unknown)).rejects.toThrow('there is no option "maxBatch"');
    await expect(createServer({ ...simulated, maxBatchSize: 0 })).rejects.toMatchObject({
      message: 'maxBatchSize is 0',
      exitCode: 2,
    });
    await expect(createServer({ ...simulated, corsOrigin: ['nowhere'] })).rejects.toMatchObject({
      message: '"nowhere" in corsOrigin is not an origin',
    });
    const other = await createServer(simulated);
    await expect(createServer({ ...simulated, port: Number(new URL(other.url).port) })).rejects.toMatchObject(
      {
        fix: expect.stringContaining('choose another with port (0'),
      },
    );
    await other.close();
  });

  it('the example of the docs serves photographs and ends at SIGTERM', async () => {
    const path = fileURLToPath(new URL('../../examples/embedded-server.mjs', import.meta.url));
    const child = spawn(process.execPath, [path], { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const url = /^listening (http:\S+)$/.exec((await lines.next()).value ?? '')?.[1] ?? '';
    expect((await predict(url)).status).toBe(200);
    child.kill('SIGTERM');
    expect((await lines.next()).value).toBe('drained');
    const [code] = (await once(child, 'exit')) as [number | null];
    expect(code).toBe(0);
  });
});
