import { appendFile, chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COLOUR_SIZE, COLOURS, colourGraph } from '../../../../test/fixtures/colour-classifier.js';
import { ownModelPlace } from '../../../../test/fixtures/own-model-place.js';
import { TEXT_ENCODINGS } from '../../../../test/fixtures/text-encodings.js';
import { openRuntime } from '../runtime/open-runtime.js';
import { modelNames } from './added-models.js';
import { addModel, openModel, pullModel, verifyModel } from './model-store.js';
import { sha256 } from './sha256.js';

const place = ownModelPlace();
const { written } = place;

describe('an added model', () => {
  it('is known by its name, verified, and served without its source', async () => {
    expect(await addModel(await written(), undefined, place.options)).toBe('colours');
    await rm(join(place.folder, 'colours.onnx'));
    await rm(join(place.folder, 'colours.json'));
    expect(await modelNames(place.options.environment)).toEqual(['mobilenet-v2', 'colours']);
    const { files } = await verifyModel('colours', place.options);
    expect(files.map(({ file, state }) => [file, state])).toEqual([
      ['model.onnx', 'ok'],
      ['labels.txt', 'ok'],
    ]);
    expect(await openModel('colours', 'f32', place.options)).toMatchObject({
      manifest: { name: 'colours', inputSize: COLOUR_SIZE, classCount: 3 },
      labels: COLOURS,
      synthetic: false,
    });
  });

  it.each(TEXT_ENCODINGS)('may have its manifest and its labels in %s', async (_name, encode) => {
    const path = await written({ labels: 'labels.txt' });
    await writeFile(join(place.folder, 'labels.txt'), encode('rot\ngrün\nblau\n'));
    await writeFile(path, encode(await readFile(path, 'utf8')));
    await addModel(path, undefined, place.options);
    expect((await openModel('colours', 'f32', place.options)).labels).toEqual(['rot', 'grün', 'blau']);
  });

  it('may be called otherwise than in its manifest, and keeps its first name too', async () => {
    const path = await written();
    await addModel(path, undefined, place.options);
    await addModel(path, 'paint', place.options);
    expect(await modelNames(place.options.environment)).toEqual(['mobilenet-v2', 'colours', 'paint']);
  });

  it('is replaced by the next one of that name', async () => {
    await addModel(await written(), undefined, place.options);
    await addModel(await written({ top_k: 1, labels: ['a', 'b', 'c'] }), undefined, place.options);
    const { labels, handling } = await openModel('colours', 'f32', place.options);
    expect([labels, handling.topK]).toEqual([['a', 'b', 'c'], 1]);
  });

  it.each([
    ['as the cache writes them', 'red\ngreen\nblue\n'],
    ['with a mark and CR LF', '\uFEFFred\r\ngreen\r\nblue'],
  ])(
    'has its graph and labels %s verified by its manifest, not by what lies beside them',
    async (_how, text) => {
      const path = await written({ labels: 'labels.txt' });
      await writeFile(join(place.folder, 'labels.txt'), text);
      await addModel(path, undefined, place.options);
      const { graphPath, labelsPath } = await openModel('colours', 'f32', place.options);
      const index = join(dirname(graphPath), 'model.json');
      for (const file of [graphPath, labelsPath]) {
        const sound = await readFile(file);
        await writeFile(file, 'a\nb\nc\n');
        const told = JSON.parse(await readFile(index, 'utf8'));
        told.files[basename(file)] = sha256('a\nb\nc\n');
        await writeFile(index, JSON.stringify(told));
        expect((await verifyModel('colours', place.options)).files.map(({ state }) => state)).toContain(
          'changed',
        );
        const outcome = await openModel('colours', 'f32', place.options).then(
          ({ labels }) => labels.join(),
          () => 'refused',
        );
        // Labels that can be read again are; never are those beside the hash taken.
        expect(['refused', 'red,green,blue']).toContain(outcome);
        await writeFile(file, sound);
      }
      expect((await openModel('colours', 'f32', place.options)).labels).toEqual(['red', 'green', 'blue']);
    },
  );

  it('of an older cache, whose labels cannot be verified, is made again', async () => {
    const path = await written({ labels: 'labels.txt' });
    await writeFile(join(place.folder, 'labels.txt'), 'red\r\ngreen\r\nblue\r\n');
    await addModel(path, undefined, place.options);
    const { graphPath } = await openModel('colours', 'f32', place.options);
    await rm(join(dirname(graphPath), 'labels.source'));
    expect((await openModel('colours', 'f32', place.options)).labels).toEqual(['red', 'green', 'blue']);
    expect((await verifyModel('colours', place.options)).files).toHaveLength(3);
  });

  it('is not taken from somebody else who may write into the cache', async () => {
    await addModel(await written(), undefined, place.options);
    const added = join(place.cache, 'added', 'colours.json');
    await chmod(added, 0o666);
    await expect(openModel('colours', 'f32', place.options)).rejects.toMatchObject({
      message: expect.stringMatching(/added by somebody else/),
      fix: expect.stringContaining(`--model ${added}`),
    });
    expect((await openModel(added, 'f32', place.options)).labels).toEqual(COLOURS);
  });

  it('that was changed in the cache is refused, and made again by pull or add', async () => {
    const path = await written();
    await addModel(path, undefined, place.options);
    const damage = async () => {
      const { graphPath } = await openModel('colours', 'f32', place.options);
      await appendFile(graphPath, 'x');
      await expect(openModel('colours', 'f32', place.options)).rejects.toThrow(/changed/);
    };
    await damage();
    await pullModel('colours', place.options);
    await damage();
    await addModel(path, undefined, place.options);
    expect((await openModel('colours', 'f32', place.options)).labels).toEqual(COLOURS);
  });

  it('takes labels from a file, one a line, and keeps their hash', async () => {
    await writeFile(join(place.folder, 'labels.txt'), 'red\r\ngreen\r\nblue\r\n');
    await addModel(await written({ labels: 'labels.txt' }), undefined, place.options);
    await rm(join(place.folder, 'labels.txt'));
    expect((await openModel('colours', 'f32', place.options)).labels).toEqual(COLOURS);
    expect((await verifyModel('colours', place.options)).manifest.labels).toMatchObject({
      sha256: sha256('red\r\ngreen\r\nblue\r\n'),
    });
  });

  it('is fetched from a URL', async () => {
    const graph = colourGraph();
    const server = createServer((_request, response) => response.end(graph));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const source = `http://127.0.0.1:${port}/files/colours.onnx?download=true`;
    await addModel(await written({ source }), undefined, place.options);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    expect((await verifyModel('colours', place.options)).files).toHaveLength(2);
  });
});

it('a manifest is opened without being added, and once it is in the cache without its source', async () => {
  const path = await written();
  await openModel(path, 'f32', place.options);
  await rm(join(place.folder, 'colours.onnx'));
  expect((await openModel(path, 'f32', place.options)).labels).toEqual(COLOURS);
  expect(await modelNames(place.options.environment)).toEqual(['mobilenet-v2']);
});

describe.each([
  ['float32 nchw', { layout: 'nchw', dtype: 'float32', batch: 'N' }],
  ['float32 nhwc', { layout: 'nhwc', dtype: 'float32', batch: 'N' }],
  ['uint8 nchw', { layout: 'nchw', dtype: 'uint8', batch: 'N' }],
  ['float32 nchw with a batch of one', { layout: 'nchw', dtype: 'float32', batch: 1 }],
] as const)('a graph that takes %s', (_name, { layout, dtype, batch }) => {
  it('answers each image of a batch as worked out by hand', async () => {
    const floats = dtype === 'float32' ? { mean: [0.2, 0.4, 0.6], std: [0.5, 0.25, 0.2] } : {};
    const input = { size: COLOUR_SIZE, layout, dtype, ...floats };
    const opened = await openModel(
      await written({ input }, colourGraph({ layout, dtype, batch })),
      'f32',
      place.options,
    );
    const { manifest, graphPath, graphSha256, handling } = opened;
    const { inputSize, classCount } = manifest;
    const files = { graphPath, graphSha256, inputSize, classCount, intraOpThreads: 1 };
    const runtime = await openRuntime({ kind: 'onnx', ...files, ...handling });

    const colours = [
      [51, 102, 153],
      [54, 102, 150],
    ] as const;
    const pixels = Uint8Array.from(
      colours.flatMap((rgb) =>
        Array(COLOUR_SIZE ** 2)
          .fill(rgb)
          .flat(),
      ),
    );
    // The first is the mean itself: all logits 0. As bytes they are the values.
    const logits =
      dtype === 'uint8'
        ? colours
        : ([
            [0, 0, 0],
            [3 / 255 / 0.5, 0, -3 / 255 / 0.2],
          ] as const);
    const expected = logits.flatMap((row) => {
      const exponentials = row.map((value) => Math.exp(value - row[2]));
      const sum = exponentials.reduce((total, value) => total + value, 0);
      return exponentials.map((value) => expect.closeTo(value / sum, 5));
    });
    expect([...(await runtime.run(pixels, 2))]).toEqual(expected);
    await runtime.close();
  });
});
