import { appendFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { EXIT } from '@servelab/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WEIGHTS_FOLDER } from '../../../../test/fixtures/data-sources.js';
import { openModel, pullModel, verifyModel } from './model-store.js';
import type { ModelProgress } from './opened-model.js';
import { sha256 } from './sha256.js';

const NAME = 'mobilenet-v2';
const EMPTY = '/nonexistent/source';

let cache: string;
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'servelab-cache-'));
});
afterEach(() => rm(cache, { recursive: true }));

const from = (source: string) => ({
  environment: { SERVELAB_CACHE_DIR: cache, SERVELAB_MODEL_SOURCE: source },
});
const synthetic = () => ({ ...from(EMPTY), synthetic: 'always' as const });
const filesInCache = async () => (await readdir(cache, { recursive: true })).sort();

describe('openModel with synthetic weights', () => {
  it('gives the same graph every time, marked as synthetic', async () => {
    const model = await openModel(NAME, 'int8', synthetic());
    expect(model.synthetic).toBe(true);
    expect(model.labels).toHaveLength(1000);
    expect(model.labels[281]).toBe('class 281');
    expect(sha256(await readFile(model.graphPath))).toBe(model.graphSha256);

    await rm(dirname(model.graphPath), { recursive: true });
    expect((await openModel(NAME, 'int8', synthetic())).graphSha256).toBe(model.graphSha256);
  });

  it('takes the cached graph the second time', async () => {
    await openModel(NAME, 'f32', synthetic());
    const told: ModelProgress[] = [];
    await openModel(NAME, 'int8', { ...synthetic(), onProgress: (step) => told.push(step) });
    expect(told).toEqual([]);
  });

  it('refuses a graph that was changed in the cache, and says what to do', async () => {
    const { graphPath } = await openModel(NAME, 'f32', synthetic());
    await appendFile(graphPath, 'x');
    await expect(openModel(NAME, 'f32', synthetic())).rejects.toMatchObject({
      exitCode: EXIT.environment,
      message: expect.stringMatching(/f32\.onnx .*changed/),
      fix: expect.stringContaining(dirname(graphPath)),
    });
    expect((await openModel(NAME, 'int8', synthetic())).precision).toBe('int8');
  });

  it('is not believed with a hash that somebody has put beside it', async () => {
    const { graphPath, labelsPath } = await openModel(NAME, 'f32', synthetic());
    const index = join(dirname(graphPath), 'model.json');
    for (const [path, file] of [
      [graphPath, 'f32.onnx'],
      [labelsPath, 'labels.txt'],
    ] as const) {
      const sound = await readFile(path);
      await appendFile(path, 'x');
      const told = JSON.parse(await readFile(index, 'utf8'));
      told.files[file] = sha256(await readFile(path));
      await writeFile(index, JSON.stringify(told));
      await expect(openModel(NAME, 'f32', synthetic())).rejects.toThrow(/changed since it was made/);
      await writeFile(path, sound);
    }
    expect((await openModel(NAME, 'f32', synthetic())).graphPath).toBe(graphPath);
  });

  it('lies in files and folders that nobody else may read or write, whatever the umask', async () => {
    const before = process.umask(0);
    try {
      await openModel(NAME, 'f32', synthetic());
    } finally {
      process.umask(before);
    }
    for (const name of await filesInCache()) {
      const { mode } = await stat(join(cache, name));
      expect([name, mode & 0o777]).toEqual([name, name.includes('.') ? 0o600 : 0o700]);
    }
  });

  it('is made once when several ask at the same time, and leaves nothing else behind', async () => {
    const models = await Promise.all([1, 2, 3].map(() => openModel(NAME, 'int8', synthetic())));
    expect(new Set(models.map(({ graphPath }) => graphPath)).size).toBe(1);
    expect((await readdir(dirname(dirname(models[0]?.graphPath ?? '')))).length).toBe(1);
  });

  it('stands in for an unreachable source where that is asked for, and tells why', async () => {
    const told: ModelProgress[] = [];
    const options = {
      ...from(EMPTY),
      synthetic: 'fallback' as const,
      onProgress: (step: ModelProgress) => told.push(step),
    };
    expect((await openModel(NAME, 'int8', options)).synthetic).toBe(true);
    expect(told).toContainEqual({ kind: 'synthetic', reason: expect.stringContaining(EMPTY) });
  });
});

describe('openModel', () => {
  it('refuses to answer from synthetic weights unless asked', async () => {
    await expect(openModel(NAME, 'f32', from(EMPTY))).rejects.toMatchObject({ exitCode: EXIT.environment });
    expect(await filesInCache()).toEqual([]);
  });

  it.each(['never', 'fallback'] as const)(
    'refuses wrong weights and keeps nothing of them (%s)',
    async (mode) => {
      const source = await mkdtemp(join(cache, 'source-'));
      await writeFile(join(source, 'tf2_mobilenet_v2_1.0_224_ptq.tflite'), 'TFL3');
      const before = await filesInCache();
      await expect(openModel(NAME, 'f32', { ...from(source), synthetic: mode })).rejects.toThrow(
        /not the pinned file/,
      );
      expect(await filesInCache()).toEqual(before);
    },
  );

  it('names the models there are', async () => {
    await expect(openModel('resnet', 'f32', from(EMPTY))).rejects.toMatchObject({
      exitCode: EXIT.usage,
      fix: expect.stringContaining(NAME),
    });
  });

  it('says when the cache cannot be written', async () => {
    const file = join(cache, 'a-file');
    await writeFile(file, '');
    const environment = { SERVELAB_CACHE_DIR: file };
    await expect(openModel(NAME, 'f32', { environment, synthetic: 'always' })).rejects.toMatchObject({
      exitCode: EXIT.environment,
      fix: expect.stringContaining('SERVELAB_CACHE_DIR'),
    });
  });

  it('stops when it is aborted', async () => {
    const signal = AbortSignal.abort('SIGINT');
    await expect(openModel(NAME, 'f32', { ...synthetic(), signal })).rejects.toBe('SIGINT');
    expect(await filesInCache()).toEqual([]);
  });
});

describe.skipIf(WEIGHTS_FOLDER === null)('the real weights (needs SERVELAB_MODEL_SOURCE)', () => {
  it('are pulled, verified, and found in the cache without their source', async () => {
    await pullModel(NAME, from(WEIGHTS_FOLDER ?? EMPTY));
    const { entry, files } = await verifyModel(NAME, from(EMPTY));
    expect(entry?.synthetic).toBe(false);
    expect(files.map(({ file, state }) => [file, state])).toEqual([
      ['f32.onnx', 'ok'],
      ['int8.onnx', 'ok'],
      ['labels.txt', 'ok'],
    ]);
    const { labels } = await openModel(NAME, 'f32', from(EMPTY));
    expect(labels).toHaveLength(1000);
    expect([labels[0], labels[281]]).toEqual(['tench, Tinca tinca', 'tabby, tabby cat']);
  });

  it('are made again from the kept source by the next pull when they were changed', async () => {
    const { folder } = await pullModel(NAME, from(WEIGHTS_FOLDER ?? EMPTY));
    await appendFile(join(folder, 'int8.onnx'), 'x');
    await rm(join(folder, 'labels.txt'));
    const states = async () => (await verifyModel(NAME, from(EMPTY))).files.map(({ state }) => state);
    expect(await states()).toEqual(['ok', 'changed', 'missing']);
    await pullModel(NAME, from(EMPTY));
    expect(await states()).toEqual(['ok', 'ok', 'ok']);
  });
});
