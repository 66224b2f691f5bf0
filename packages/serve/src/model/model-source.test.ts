import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT } from '@servelab/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MODELS } from './model-manifest.js';
import { fetchPinned, sourceFolder, UnreachableSource } from './model-source.js';
import type { ModelProgress } from './opened-model.js';
import { sha256 } from './sha256.js';

const CONTENT = Buffer.from('weights '.repeat(10_000));
const FILE = { name: 'weights.tflite', sha256: sha256(CONTENT) };

let server: Server | undefined;
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'servelab-source-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
  server?.closeAllConnections();
  await new Promise((resolve) => (server === undefined ? resolve(null) : server.close(resolve)));
  server = undefined;
});

async function serving(listener: RequestListener): Promise<string> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/models/`;
}

describe('fetchPinned', () => {
  it('fetches from a URL and tells how far it is', async () => {
    const asked: (string | undefined)[] = [];
    const url = await serving((request, response) => {
      asked.push(request.url);
      response.setHeader('content-length', CONTENT.length).end(CONTENT);
    });
    const told: ModelProgress[] = [];
    expect(Buffer.from(await fetchPinned(FILE, url, { onProgress: (step) => told.push(step) }))).toEqual(
      CONTENT,
    );
    expect(asked).toEqual(['/models/weights.tflite']);
    expect(told[0]).toEqual({ kind: 'fetching', file: FILE.name, from: url });
    expect(told.at(-1)).toEqual({
      kind: 'fetched',
      file: FILE.name,
      bytes: CONTENT.length,
      totalBytes: CONTENT.length,
    });
  });

  it('reads from a directory', async () => {
    await writeFile(join(directory, FILE.name), CONTENT);
    expect(Buffer.from(await fetchPinned(FILE, directory, {}))).toEqual(CONTENT);
  });

  it('refuses a file with another hash, and names both', async () => {
    await writeFile(join(directory, FILE.name), 'something else');
    await expect(fetchPinned(FILE, directory, {})).rejects.toMatchObject({
      name: 'UserError',
      exitCode: EXIT.environment,
      message: expect.stringMatching(new RegExp(`14 bytes .*${sha256('something else')}.*${FILE.sha256}`)),
    });
  });

  it('refuses a download that breaks off', async () => {
    const url = await serving((_request, response) => {
      response.setHeader('content-length', CONTENT.length);
      response.write(CONTENT.subarray(0, 1000), () => response.destroy());
    });
    await expect(fetchPinned(FILE, url, {})).rejects.toMatchObject({
      exitCode: EXIT.environment,
      message: expect.stringMatching(/broke off/),
    });
  });

  it('refuses a whole answer that is too short', async () => {
    const url = await serving((_request, response) => response.end(CONTENT.subarray(0, 1000)));
    await expect(fetchPinned(FILE, url, {})).rejects.toThrow(/not the pinned file: 1000 bytes/);
  });

  it.each<[name: string, from: () => Promise<string>, reason: RegExp]>([
    ['nobody listens', async () => 'http://127.0.0.1:1', /127\.0\.0\.1:1 \(.+\)/],
    [
      'the server has no such file',
      () => serving((_q, response) => response.writeHead(404).end()),
      /HTTP 404/,
    ],
    ['the directory has no such file', async () => directory, /ENOENT/],
  ])('says that the source is unreachable when %s', async (_name, from, reason) => {
    const failure = fetchPinned(FILE, await from(), {});
    await expect(failure).rejects.toBeInstanceOf(UnreachableSource);
    await expect(failure).rejects.toMatchObject({
      message: expect.stringMatching(reason),
      fix: expect.stringContaining('SERVELAB_MODEL_SOURCE'),
    });
  });

  it('stops when it is aborted, with the reason of the signal', async () => {
    const abort = new AbortController();
    const url = await serving((_request, response) => {
      response.write(CONTENT.subarray(0, 1000), () => abort.abort('SIGINT'));
    });
    await expect(fetchPinned(FILE, url, { signal: abort.signal })).rejects.toBe('SIGINT');
  });
});

describe('sourceFolder', () => {
  it('prefers what the environment names', () => {
    expect(sourceFolder(MODELS[0], { SERVELAB_MODEL_SOURCE: '/srv/models' })).toBe('/srv/models');
  });

  it.each([{}, { SERVELAB_MODEL_SOURCE: '' }])('is the pinned URL without that: %j', (environment) => {
    expect(sourceFolder(MODELS[0], environment)).toBe(MODELS[0].sourceUrl);
  });
});
