import { existsSync } from 'node:fs';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EXIT } from '@servelab/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { model } from './model.js';

const SHARED = fileURLToPath(new URL('../../../../../shared/model', import.meta.url));

let cache: string;
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'servelab-model-'));
});
afterEach(() => rm(cache, { recursive: true }));

async function run(
  words: string,
  { source = '/nonexistent', json = false, signal = new AbortController().signal, interactive = false } = {},
) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await model.run({
    positionals: words.split(' ').filter((word) => word !== ''),
    options: { json },
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

  it.skipIf(!existsSync(SHARED))('pulls, verifies, and sees damage (needs ../shared/model)', async () => {
    const pulled = await run('pull', { source: SHARED, json: true });
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
  });
});
