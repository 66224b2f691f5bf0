import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT } from '@servelab/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { COLOUR_SIZE, writeColourModel } from '../../../../test/fixtures/colour-classifier.js';
import { WEIGHTS_FOLDER } from '../../../../test/fixtures/data-sources.js';
import { model } from './model.js';

let cache: string;
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'servelab-model-'));
});
afterEach(() => rm(cache, { recursive: true }));

async function run(
  words: string,
  {
    source = '/nonexistent',
    json = false,
    name = null as string | null,
    signal = new AbortController().signal,
    interactive = false,
  } = {},
) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await model({
    positionals: words.split(' ').filter((word) => word !== ''),
    options: { json, name },
    configFile: { folder: cache, section: () => ({}) },
    terminal: {
      out: (text) => out.push(text),
      err: (text) => err.push(text),
      interactive,
      environment: { SERVELAB_CACHE_DIR: cache, SERVELAB_MODEL_SOURCE: source },
    },
    signal,
  });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

describe('servelab model', () => {
  it.each<[words: string, message: RegExp]>([
    ['', /needs an action/],
    ['push', /cannot do "push"/],
    ['info mobilenet-v2 twice', /cannot do/],
    ['info resnet', /no model "resnet"/],
    ['pull toString', /no model "toString"/],
    ['add', /needs a manifest/],
  ])('refuses "%s"', async (words, message) => {
    await expect(run(words)).rejects.toMatchObject({
      exitCode: EXIT.usage,
      message: expect.stringMatching(message),
    });
  });

  it('lists what there is, before anything is pulled', async () => {
    const { code, out } = await run('list');
    expect(code).toBe(EXIT.ok);
    expect(out).toMatch(/^mobilenet-v2 +not pulled +MobileNetV2/);
  });

  it('shows where a model comes from and under which licence', async () => {
    const { code, out } = await run('info');
    expect(code).toBe(EXIT.ok);
    expect(out).toMatch(/licence +Apache-2.0/);
    expect(out).toContain('5d3137241276e79c86d14a74fe43581398ae0e815191d3dba45495b810840e8c');
  });

  it('verify ends with 3 and the fix where nothing is pulled', async () => {
    const { code, out } = await run('verify');
    expect(code).toBe(EXIT.environment);
    expect(out).toContain('fix: run "servelab model pull"');
  });

  it('--json prints one document', async () => {
    const { out } = await run('info mobilenet-v2', { json: true });
    expect(JSON.parse(out)).toMatchObject({ name: 'mobilenet-v2', state: 'not pulled', files: [] });
  });

  it('pull ends with 130 when it is interrupted', async () => {
    expect((await run('pull', { signal: AbortSignal.abort('SIGINT') })).code).toBe(EXIT.interrupted);
  });

  it('pull names the source that it cannot reach', async () => {
    await expect(run('pull')).rejects.toThrow(/cannot be fetched from \/nonexistent/);
  });

  it.skipIf(WEIGHTS_FOLDER === null)(
    'pulls, verifies, and sees damage (needs SERVELAB_MODEL_SOURCE)',
    async () => {
      const pulled = await run('pull', { source: WEIGHTS_FOLDER ?? '', json: true });
      expect(pulled.code).toBe(EXIT.ok);
      expect(pulled.err).toMatch(/fetching .*\nconverting to f32\nconverting to int8/);
      const { folder } = JSON.parse(pulled.out) as { folder: string };
      expect((await run('verify')).code).toBe(EXIT.ok);
      expect((await run('list')).out).toMatch(/ready/);

      await appendFile(join(folder, 'f32.onnx'), 'x');
      const { code, out } = await run('verify');
      expect(code).toBe(EXIT.environment);
      expect(out).toMatch(/changed +f32\.onnx/);
      expect((await run('pull')).code).toBe(EXIT.ok);
    },
  );
});

describe('servelab model add', () => {
  const manifest = (change: object = {}) =>
    writeColourModel(cache, {
      licence: 'MIT',
      input: { size: COLOUR_SIZE, layout: 'nchw', dtype: 'float32', mean: [0.5, 0.5, 0.5] },
      resize: 'center-crop',
      ...change,
    });

  it('checks the model and shows what it keeps, in list, info and verify too', async () => {
    const added = await run(`add ${await manifest()}`);
    expect(added.code).toBe(EXIT.ok);
    expect(added.err).toMatch(/fetching colours\.onnx from .*\nchecking colours\.onnx against the manifest/);
    expect(added.out).toMatch(/^colours +ready +added\nok +model\.onnx +0\.00 MB +sha256 [0-9a-f]{64}/);
    expect((await run('list')).out).toMatch(/^mobilenet-v2 .*\ncolours +ready/);
    expect((await run('verify colours')).code).toBe(EXIT.ok);
    const { out } = await run('info colours');
    expect(out).toContain('licence     MIT');
    expect(out).toContain('float32 [N, 3, 8, 8] RGB, x 1/255, mean 0.5 0.5 0.5, std 1 1 1');
    expect(out).toContain('shorter side to 9, centre of 8x8 cut out');
    expect(out).toContain('logits, softmax applied; 5 answered');
    expect(out).toContain('3 in the manifest');
  });

  it('gives it the name that --name says', async () => {
    await run(`add ${await manifest()}`, { name: 'paint' });
    expect(JSON.parse((await run('info paint', { json: true })).out)).toMatchObject({
      kind: 'own',
      name: 'paint',
      state: 'ready',
      files: [{ file: 'model.onnx' }, { file: 'labels.txt' }],
    });
    await expect(run('info paint', { name: 'paint' })).rejects.toThrow(/takes no --name/);
  });

  it('verify of a damaged one names the command that mends it', async () => {
    const { out } = await run(`add ${await manifest()}`, { json: true });
    await appendFile(join((JSON.parse(out) as { folder: string }).folder, 'model.onnx'), 'x');
    const verified = await run('verify colours');
    expect(verified.code).toBe(EXIT.environment);
    expect(verified.out).toMatch(/changed +model\.onnx/);
    expect(verified.out).toContain('fix: run "servelab model pull colours"');
    expect((await run('pull colours')).code).toBe(EXIT.ok);
  });

  it('ends with 2 for a wrong manifest, and with 3 for one that is not there', async () => {
    await expect(run(`add ${await manifest({ labels: ['one', 'two'] })}`)).rejects.toMatchObject({
      exitCode: EXIT.usage,
    });
    await expect(run('add none.yaml')).rejects.toMatchObject({ exitCode: EXIT.environment });
    expect((await run('list')).out).not.toContain('colours');
  });

  it('ends with 130 when it is interrupted', async () => {
    const signal = AbortSignal.abort('SIGINT');
    expect((await run(`add ${await manifest()}`, { signal })).code).toBe(EXIT.interrupted);
  });
});
