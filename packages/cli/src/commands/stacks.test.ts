import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT } from '@servelab/core';
import { PEERS } from '@servelab/lab';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ListedStack } from '../stacks/list-stacks.js';
import { stacks } from './stacks.js';

let cache: string;
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'servelab-stacks-'));
});
afterEach(() => rm(cache, { recursive: true }));

/** On a machine with an empty cache and no programs at all. */
async function run(words: string, json = false) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await stacks({
    positionals: words.split(' ').filter((word) => word !== ''),
    options: { json, host: '127.0.0.1', port: null, maxBatchSize: null },
    configFile: { folder: cache, section: () => ({}) },
    terminal: {
      out: (text) => out.push(text),
      err: (text) => err.push(text),
      interactive: false,
      environment: { SERVELAB_CACHE_DIR: cache, PATH: cache },
    },
    signal: new AbortController().signal,
  });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

describe('servelab stacks', () => {
  it('lists every form of every stack with its version, port and whether it is installed', async () => {
    const { code, out } = await run('list');
    expect(code).toBe(EXIT.ok);
    expect(out).toMatch(/^NAME +VERSION +INSTALLED +PORT +ANSWERS THERE NOW$/m);
    expect(out).toMatch(/^servelab +\d+\.\d+\.\d+ +yes +8080 /m);
    expect(out).toMatch(/^bentoml\/seeds +1\.4\.33 +no +3000 /m);
    expect(out).toMatch(/^rayserve\/tuned +2\.53\.0 +no +31800 /m);
    expect(out.split('\n')).toHaveLength(2 + 2 * PEERS.length);
  });

  it('lists the same as JSON', async () => {
    const listed = JSON.parse((await run('list', true)).out) as ListedStack[];
    expect(listed.find(({ name }) => name === 'fastapi/seeds')).toMatchObject({
      title: 'FastAPI',
      form: 'seeds',
      installed: false,
      folder: null,
      port: 8000,
    });
  });

  it('says what to install where there is no Python', async () => {
    const { code, err } = await run('setup fastapi');
    expect(code).toBe(EXIT.environment);
    expect(err).toMatch(/NOT INSTALLED: fastapi: no Python 3\.11 was found/);
    expect(err).toMatch(/fix: Install Python 3\.11, or uv/);
  });

  it.each<[words: string, exitCode: number, message: RegExp]>([
    ['', EXIT.usage, /needs an action/],
    ['sing', EXIT.usage, /cannot do "sing"/],
    ['start', EXIT.usage, /cannot do "start"/],
    ['start fastapi bentoml', EXIT.usage, /cannot do/],
    ['setup flask', EXIT.usage, /no peer "flask"/],
    ['start fastapi/fast', EXIT.usage, /no form "fast"/],
    ['start fastapi', EXIT.environment, /FastAPI is not installed/],
  ])('refuses "%s" with the reason', async (words, exitCode, message) => {
    await expect(run(words)).rejects.toMatchObject({ exitCode, message: expect.stringMatching(message) });
  });
});
