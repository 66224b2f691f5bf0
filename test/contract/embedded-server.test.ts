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

describe('createServer', () => {
  it('serves in a program of one’s own until it is drained', async () => {
    const server = await createServer({ ...simulated, policy: 'greedy', maxBatchSize: 2 });
    expect((await predict(server.url)).status).toBe(200);
    expect(server.batchCostsMs).toHaveLength(2);
    await server.drain();
    await expect(predict(server.url)).rejects.toThrow();
  });

  it('refuses what is no option, or out of bounds, with the words of the command line', async () => {
    const unknown = { ...simulated, maxBatch: 3 } as Parameters<typeof createServer>[0];
    await expect(createServer(unknown)).rejects.toThrow('there is no option "maxBatch"');
    await expect(createServer({ ...simulated, maxBatchSize: 0 })).rejects.toMatchObject({
      message: '--max-batch-size is 0',
      exitCode: 2,
    });
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
