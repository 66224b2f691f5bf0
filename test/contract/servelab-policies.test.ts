import { POLICY_NAMES } from '@servelab/serve';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOSTILE, IMAGES } from '../fixtures/images.js';
import { treePeakMib } from '../fixtures/process-tree.js';
import {
  formRequest,
  jsonRequest,
  type PredictRequest,
  rawRequest,
  toBase64,
} from '../fixtures/request-body.js';
import { ServelabProcess } from '../fixtures/served-process.js';
import { ALL_FORMS, describeHttpContract } from './contract-suite.js';

const MIB = 1024 * 1024;
const PEAK_LIMIT_MIB = 600;

describe.each(POLICY_NAMES)('servelab serve --policy %s', (policy) => {
  const args = ['serve', '--port', '0', '--policy', policy, '--runtime', 'simulated', '--cost', 'ort-int8'];
  let server: ServelabProcess;
  let impatient: ServelabProcess;
  let url: string;
  beforeAll(async () => {
    server = new ServelabProcess([...args, '--workers', '2']);
    impatient = new ServelabProcess([...args, '--workers', '1', '--body-timeout-ms', '1500']);
    url = await server.listening();
  });
  afterAll(async () => {
    await Promise.all([server.kill(), impatient.kill()]);
  });

  describeHttpContract({ name: `servelab:${policy}`, forms: ALL_FORMS, url: () => url });

  it('ends a body sent a byte at a time, and answers its neighbours meanwhile', async () => {
    const predict = `${await impatient.listening()}/predict`;
    const trickle = new ReadableStream<Uint8Array>({
      async pull(controller) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        controller.enqueue(Buffer.from('x'));
      },
    });
    const slow = fetch(predict, {
      method: 'POST',
      body: trickle,
      headers: { 'content-type': 'image/jpeg' },
      duplex: 'half',
    });
    const neighbour = await fetch(predict, {
      method: 'POST',
      ...formRequest({ field: 'file', bytes: IMAGES.jpeg }),
    });
    expect(neighbour.status).toBe(200);
    const response = await slow;
    expect(response.status).toBe(408);
    expect(await response.json()).toMatchObject({ code: 'body_timeout' });
    expect(response.headers.get('connection')).toBe('close');
  });

  it.skipIf(process.platform !== 'linux')(
    `stays under ${PEAK_LIMIT_MIB} MB under bombs, 100 files, bodies at and over the limit, all at once`,
    async () => {
      const part = (bytes: Buffer) => ({ field: 'files', bytes });
      const garbage = rawRequest(Buffer.alloc(16 * MIB, 'x'));
      const attacks: [count: number, request: PredictRequest][] = [
        [8, formRequest(part(HOSTILE.bomb))],
        [4, formRequest(part(Buffer.alloc(17 * MIB)))],
        [4, formRequest(...Array.from({ length: 100 }, () => part(IMAGES.png)))],
        [12, garbage],
        [2, jsonRequest({ image_base64: toBase64(Buffer.alloc(11 * MIB)) })],
      ];
      const answers = attacks.flatMap(([count, request]) =>
        Array.from({ length: count }, async () => {
          const response = await fetch(`${url}/predict`, { method: 'POST', ...request });
          await response.arrayBuffer();
          return response.status;
        }),
      );
      // 413, or what the garbage gets: no image, or no room for it now.
      for (const status of await Promise.all(answers)) expect([400, 413, 429]).toContain(status);
      expect(treePeakMib(server.pid)).toBeLessThan(PEAK_LIMIT_MIB);
    },
  );

  it('tells every batch and why it fired', async () => {
    const { batches } = (await (await fetch(`${url}/debug/batches`)).json()) as { batches: unknown[] };
    expect(batches.length).toBeGreaterThan(0);
    for (const batch of batches) {
      expect(batch).toMatchObject({
        reason: expect.stringMatching(/\w+ \w+/),
        rule: expect.stringMatching(/^[\w-]+$/),
        request_ids: expect.arrayContaining([expect.any(String)]),
      });
    }
  });
});
