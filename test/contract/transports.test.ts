import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IMAGES } from '../fixtures/images.js';
import { formRequest } from '../fixtures/request-body.js';
import { ServelabProcess } from '../fixtures/served-process.js';
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
    const draining = new ServelabProcess([...args, '--drain-delay-ms', '0']);
    const predict = `${await draining.listening()}/predict`;
    const answers = Array.from({ length: 12 }, async () => {
      const request = formRequest({ field: 'file', bytes: IMAGES.jpeg });
      const { status } = await fetch(predict, { method: 'POST', ...request });
      return status;
    });
    expect(await answers[0]).toBe(200);
    draining.signal('SIGTERM');
    expect(await Promise.all(answers)).toEqual(Array(12).fill(200));
    expect((await draining.ended()).exitCode).toBe(0);
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
