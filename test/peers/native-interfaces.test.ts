import { type RunningStack, runningForm } from '@servelab/lab';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IMAGES } from '../fixtures/images.js';
import { peerMissing, peerStackFor } from '../fixtures/peers.js';

/** How the services that the seeds describe take images: what docs/service-implementation.md says of their input. */
function asTheSeeds(peer: string, tests: (at: () => RunningStack) => void): void {
  const name = `${peer}/seeds`;
  const missing = peerMissing(peer);
  if (missing !== null) {
    it(`${name} takes images as documented`, (context) => context.skip(missing));
    return;
  }
  describe(name, () => {
    let running: RunningStack;
    beforeAll(async () => {
      running = await (await peerStackFor(name)).start(null, new AbortController().signal);
    });
    afterAll(async () => {
      await running?.stop();
    });
    it('is told from the tuned form by whoever finds it at a port', async () => {
      expect(await runningForm(peer, running.url)).toMatchObject({ name, url: running.predictUrl });
    });
    tests(() => running);
  });
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

async function upload({ predictUrl }: RunningStack, field: string, images: number): Promise<Answer> {
  const form = new FormData();
  const file = new Blob([new Uint8Array(IMAGES.jpeg)], { type: 'image/jpeg' });
  for (let image = 0; image < images; image++) form.append(field, file, 'image.jpg');
  const response = await fetch(predictUrl, { method: 'POST', body: form });
  return { status: response.status, body: await response.json().catch(() => null) };
}

async function postJson({ predictUrl }: RunningStack): Promise<number> {
  const response = await fetch(predictUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ image_base64: IMAGES.jpeg.toString('base64') }),
  });
  await response.arrayBuffer();
  return response.status;
}

asTheSeeds('bentoml', (at) => {
  it('takes parts named files, and answers a list, one element an image', async () => {
    expect(await upload(at(), 'files', 1)).toMatchObject({ status: 200, body: [{}] });
    expect(await upload(at(), 'files', 3)).toMatchObject({ status: 200, body: [{}, {}, {}] });
  });

  it('fails on a part named file, and refuses the JSON of the seeds’ own README', async () => {
    expect((await upload(at(), 'file', 1)).status).toBe(500);
    expect(await postJson(at())).toBe(400);
  });

  it('has no GET /health: its routes are POST, and readiness is GET /readyz', async () => {
    const get = async (path: string) => (await fetch(`${at().url}${path}`)).status;
    expect(await get('/health')).toBe(405);
    expect(await get('/readyz')).toBe(200);
  });
});

asTheSeeds('fastapi', (at) => {
  it('takes one part named file, and answers an object', async () => {
    expect(await upload(at(), 'file', 1)).toMatchObject({
      status: 200,
      body: { predictions: [{}, {}, {}, {}, {}] },
    });
    expect((await upload(at(), 'files', 1)).status).toBe(422);
    expect(await postJson(at())).toBe(422);
  });

  it('looks at one of several parts, and says nothing of the others', async () => {
    const { status, body } = await upload(at(), 'file', 2);
    expect(status).toBe(200);
    expect(body).toHaveProperty('predictions');
  });
});

asTheSeeds('litserve', (at) => {
  it('takes one part named file, and answers an object', async () => {
    expect(await upload(at(), 'file', 1)).toMatchObject({
      status: 200,
      body: { predictions: [{}, {}, {}, {}, {}] },
    });
    expect((await upload(at(), 'files', 1)).status).toBe(400);
    expect(await postJson(at())).toBe(400);
  });
});

asTheSeeds('rayserve', (at) => {
  it('takes parts named files, as many as fit into a batch', async () => {
    expect(await upload(at(), 'files', 1)).toMatchObject({
      status: 200,
      body: { top_prediction: expect.any(String) },
    });
    expect(await upload(at(), 'files', 3)).toMatchObject({ status: 200, body: { results: [{}, {}, {}] } });
    expect((await upload(at(), 'files', 9)).status).toBe(413);
    expect((await upload(at(), 'file', 1)).status).toBe(422);
    expect(await postJson(at())).toBe(422);
  });
});
