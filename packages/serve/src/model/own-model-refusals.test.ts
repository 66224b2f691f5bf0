import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT } from '@servelab/core';
import { describe, expect, it } from 'vitest';
import { COLOUR_SIZE, COLOURS, colourGraph } from '../../../../test/fixtures/colour-classifier.js';
import { ownModelPlace } from '../../../../test/fixtures/own-model-place.js';
import { addModel, openModel } from './model-store.js';
import { sha256 } from './sha256.js';

const place = ownModelPlace();
const { written } = place;

const INPUT = { size: COLOUR_SIZE, layout: 'nchw', dtype: 'float32' };

const everything = async () => (await readdir(place.cache, { recursive: true })).sort();
const refusal = (exitCode: number, message: RegExp, fix: RegExp) => ({
  exitCode,
  message: expect.stringMatching(message),
  fix: expect.stringMatching(fix),
});

describe('what is wrong is refused, and nothing of it kept', () => {
  const hash = sha256(colourGraph());
  const { usage, environment } = EXIT;
  it.each<[name: string, change: object, graph: Uint8Array | string, error: ReturnType<typeof refusal>]>([
    [
      'no hash',
      { sha256: undefined },
      colourGraph(),
      refusal(usage, /no sha256/, new RegExp(`"sha256: ${hash}"`)),
    ],
    [
      'another hash',
      { sha256: '0'.repeat(64) },
      colourGraph(),
      refusal(usage, new RegExp(hash), new RegExp(hash)),
    ],
    [
      'no such source',
      { source: 'none.onnx' },
      colourGraph(),
      refusal(environment, /none\.onnx.*ENOENT/, /path/),
    ],
    ['no graph', {}, 'text', refusal(environment, /cannot load colours\.onnx/, /ONNX graph in one file/)],
    [
      'layout',
      { input: { ...INPUT, layout: 'nhwc' } },
      colourGraph(),
      refusal(usage, /\[N, 3, 8, 8\]/, /layout: nchw/),
    ],
    ['a batch of four', {}, colourGraph({ batch: 4 }), refusal(usage, /exactly 4/, /Export/)],
    ['labels', { labels: ['a', 'b'] }, colourGraph(), refusal(usage, /3 numbers.* 2 classes/, /label/)],
    ['classes', { classes: 4 }, colourGraph(), refusal(usage, /classes 4.* name 3/, /one name a class/)],
    [
      'no softmax',
      { softmax: false, input: { ...INPUT, scale: 1 } },
      colourGraph(),
      refusal(usage, /not a probability/, /softmax: true/),
    ],
    [
      'softmax twice',
      {},
      colourGraph({ output: 'probabilities' }),
      refusal(usage, /already/, /Leave softmax out/),
    ],
    [
      'no labels',
      { labels: 'labels.txt' },
      colourGraph(),
      refusal(environment, /labels\.txt.*ENOENT/, /path/),
    ],
    ['output', { output: 'scores' }, colourGraph(), refusal(usage, /no output "scores"/, /output/)],
  ])('%s', async (_name, change, graph, error) => {
    await expect(addModel(await written(change, graph), undefined, place.options)).rejects.toMatchObject(
      error,
    );
    expect(await everything()).toEqual([]);
  });

  it('labels with another hash, and with an empty line', async () => {
    await writeFile(join(place.folder, 'labels.txt'), 'red\n\nblue\n');
    const labels = { file: 'labels.txt', sha256: '0'.repeat(64) };
    await expect(addModel(await written({ labels }), undefined, place.options)).rejects.toThrow(
      new RegExp(`labels.*sha256 is ${sha256('red\n\nblue\n')}`),
    );
    await expect(addModel(await written({ labels: 'labels.txt' }), undefined, place.options)).rejects.toThrow(
      /empty in line 2/,
    );
    expect(await everything()).toEqual([]);
  });

  it('after a model that was added leaves that one as it is', async () => {
    await addModel(await written(), undefined, place.options);
    const before = await everything();
    await expect(addModel(await written({ labels: ['a', 'b'] }), undefined, place.options)).rejects.toThrow();
    expect(await everything()).toEqual(before);
    expect((await openModel('colours', 'f32', place.options)).labels).toEqual(COLOURS);
  });

  it('int8 of a model that computes in f32', async () => {
    const path = await written();
    await expect(openModel(path, 'int8', place.options)).rejects.toMatchObject(
      refusal(usage, /no int8 form/, /precision: int8/),
    );
    expect((await openModel(await written({ precision: 'int8' }), 'f32', place.options)).precision).toBe(
      'int8',
    );
  });
});
