import type { ImagePrediction } from '@servelab/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PHOTOGRAPHS_MISSING, photographs } from '../fixtures/photographs.js';
import { formRequest, jsonRequest, rawRequest, toBase64 } from '../fixtures/request-body.js';
import { ServelabProcess } from '../fixtures/served-process.js';

const FORMS = {
  'JSON base64': (bytes: Buffer) => jsonRequest({ image_base64: toBase64(bytes) }),
  'multipart file': (bytes: Buffer) => formRequest({ field: 'file', bytes }),
  'multipart files': (bytes: Buffer) => formRequest({ field: 'files', bytes }),
  'a raw body': (bytes: Buffer) => rawRequest(bytes),
};

const why = PHOTOGRAPHS_MISSING === null ? '' : ` (${PHOTOGRAPHS_MISSING})`;

describe.skipIf(PHOTOGRAPHS_MISSING !== null).each(['f32', 'int8'])(
  `the real model in %s${why}`,
  (precision) => {
    let server: ServelabProcess;
    let url: string;
    beforeAll(async () => {
      server = new ServelabProcess(['serve', '--port', '0', '--workers', '1', '--precision', precision]);
      url = await server.listening();
    });
    afterAll(() => server?.kill());

    it.each(Object.entries(FORMS))('names what is on each photograph sent as %s', async (_form, request) => {
      for (const { name, bytes, rightClasses } of photographs()) {
        const response = await fetch(`${url}/predict`, { method: 'POST', ...request(bytes) });
        const { predictions, top_prediction } = (await response.json()) as ImagePrediction;
        expect(rightClasses, `${name} is "${top_prediction}"`).toContain(predictions[0]?.class_id);
      }
    });

    it('names them all in one request, in order', async () => {
      const all = photographs();
      const parts = all.map(({ bytes }) => ({ field: 'files', bytes }));
      const response = await fetch(`${url}/predict`, { method: 'POST', ...formRequest(...parts) });
      const { results } = (await response.json()) as { results: ImagePrediction[] };
      for (const [index, { name, rightClasses }] of all.entries()) {
        expect(rightClasses, name).toContain(results[index]?.predictions[0]?.class_id);
      }
    });

    it('says which model it is', async () => {
      expect(await (await fetch(`${url}/health`)).json()).toMatchObject({
        status: 'ok',
        model: 'mobilenet-v2',
        precision,
        synthetic: false,
      });
    });
  },
);
