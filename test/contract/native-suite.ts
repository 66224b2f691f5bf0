import { type Adapter, createAdapter, type Stack } from '@servelab/lab';
import { describe, expect, it } from 'vitest';
import { HOSTILE, IMAGES } from '../fixtures/images.js';
import { limitedTest } from './limited-test.js';

/** A running peer in its seeds' form, which keeps its framework's native interface. */
export interface NativeStack {
  readonly name: string;
  readonly adapter: Stack['adapter'];
  /** What it cannot offer: names of tests and the reasons. */
  readonly limits: Readonly<Record<string, string>>;
  /** Of its predict route; known once it has started. */
  readonly predictUrl: () => string;
}

/** The part of the contract that a native interface keeps, spoken to as the lab does: one image, five classes. */
export function describeNativeInterface(stack: NativeStack): void {
  const adapter: Adapter = createAdapter(stack.adapter);
  const post = async (name: string, bytes: Buffer) => {
    const { contentType, bytes: body } = adapter.encode({ name, bytes });
    return await fetch(stack.predictUrl(), {
      method: 'POST',
      headers: { 'content-type': contentType },
      body: new Uint8Array(body),
    });
  };
  const expectPrediction = async (response: Response) => {
    const body = Buffer.from(await response.arrayBuffer());
    expect(response.status, body.toString()).toBe(200);
    const predictions = adapter.read(body).predictions ?? [];
    expect(predictions).toHaveLength(5);
    const confidences = predictions.map(({ confidence }) => confidence);
    expect(confidences).toEqual([...confidences].sort((a, b) => b - a));
    for (const { class_id, class_name } of predictions) {
      expect(class_id).toBeLessThan(1000);
      expect(class_name).not.toBe('');
    }
  };

  describe(`the native interface of ${stack.name}`, () => {
    const kept = limitedTest(stack.limits);

    for (const [format, bytes] of Object.entries(IMAGES)) {
      kept(`a ${format} file: prediction`, async () => {
        await expectPrediction(await post(`image.${format}`, bytes));
      });
    }

    const bad = {
      'not an image': HOSTILE.text,
      'an empty file': HOSTILE.empty,
      'a truncated JPEG': HOSTILE.truncatedJpeg,
      'an SVG': HOSTILE.svg,
    };
    for (const [name, bytes] of Object.entries(bad)) {
      kept(`${name}: refused with a 400`, async () => {
        const response = await post('image.jpg', bytes);
        await response.arrayBuffer();
        expect(response.status).toBe(400);
      });
    }

    it('answers a good image after bad ones', async () => {
      for (const bytes of Object.values(bad)) {
        const response = await post('image.jpg', bytes);
        await response.arrayBuffer();
        expect(response.status).toBeGreaterThanOrEqual(400);
      }
      await expectPrediction(await post('image.jpeg', IMAGES.jpeg));
    });

    kept('a bad image fails alone, not with its neighbours in the batch', async () => {
      // Enough at once for several batches: while the first runs, bad and good ones wait for the next together.
      // The head of this PNG is whole: whoever looks at no more notices in the batch.
      const sent = Array.from({ length: 27 }, (_, index) => (index % 9 === 4 ? 'bad' : 'good'));
      const answers = await Promise.all(
        sent.map((kind) =>
          kind === 'bad' ? post('image.png', HOSTILE.truncatedPng) : post('image.jpeg', IMAGES.jpeg),
        ),
      );
      await Promise.all(answers.map((answer) => answer.arrayBuffer()));
      const statuses = answers.filter((_, index) => sent[index] === 'good').map(({ status }) => status);
      expect(statuses).toEqual(statuses.map(() => 200));
    });
  });
}
