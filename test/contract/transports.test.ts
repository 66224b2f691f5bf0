import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onePixelGif } from '../fixtures/one-pixel-gif.js';
import { ServelabProcess } from '../fixtures/served-process.js';
import { SimulatedServer } from '../fixtures/simulated-server.js';
import { ALL_FORMS, describeHttpContract } from './contract-suite.js';

/** The third, shared memory, is what all other suites run with. */
const WAYS = [
  ['ipc', ['--workers', '1', '--transport', 'ipc']],
  ['in-process', ['--workers', '0']],
] as const;

describe.each(WAYS)('servelab serve, images by %s', (transport, flags) => {
  const args = ['serve', '--port', '0', '--runtime', 'simulated', '--cost', 'ort-int8', ...flags];
  let server: ServelabProcess;
  let url: string;
  beforeAll(async () => {
    server = new ServelabProcess(args);
    url = await server.listening();
  });
  afterAll(() => server.kill());

  describeHttpContract({ name: `servelab ${flags.join(' ')}`, forms: ALL_FORMS, url: () => url });

  it('says so', async () => {
    expect(await (await fetch(`${url}/health`)).json()).toMatchObject({ transport, ready_workers: 1 });
  });

  it('answers what it has accepted when it is told to end', async () => {
    const draining = await SimulatedServer.start(
      { batch_ms: { 1: 3000 } },
      ...[...flags, '--policy', 'greedy', '--drain-delay-ms', '0'],
    );
    const requests = 6;
    const answers = Array.from({ length: requests }, (_, n) => draining.predict(onePixelGif(n)));
    // The first one runs, long enough for the others to come; they are a batch after it.
    await expect.poll(() => draining.metric('servelab_queue_images')).toBe(requests - 1);
    draining.process.signal('SIGTERM');
    expect(await Promise.all(answers)).toEqual(Array(requests).fill({ status: 200 }));
    expect((await draining.process.ended()).exitCode).toBe(0);
    await draining.stop();
  });
});

it('shares memory by default where the system can', async () => {
  const server = new ServelabProcess(['serve', '--port', '0', '--runtime', 'simulated', '--workers', '1']);
  try {
    const health = await (await fetch(`${await server.listening()}/health`)).json();
    expect(health).toMatchObject({ transport: process.platform === 'linux' ? 'shared-memory' : 'ipc' });
  } finally {
    await server.kill();
  }
});
