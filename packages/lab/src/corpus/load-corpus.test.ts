import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PHOTOGRAPHS_FOLDER } from '../../../../test/fixtures/data-sources.js';
import { knownPhotographs, loadCorpus } from './load-corpus.js';

let cache: string;

beforeAll(async () => {
  cache = await mkdtemp(join(tmpdir(), 'servelab-corpus-'));
});
afterAll(() => rm(cache, { recursive: true, force: true }));

const generated = () => ({ SERVELAB_CACHE_DIR: cache, SERVELAB_IMAGE_SOURCE: 'generated' });

describe('loadCorpus', () => {
  it('makes 256 distinct JPEG files from generated pictures, says so, and repeats them by the seed', async () => {
    const corpus = await loadCorpus({ mix: '224', seed: 3, environment: generated() });
    expect(corpus).toMatchObject({ name: '224 (generated)', generated: true, width: 224, height: 224 });
    expect(new Set(corpus.images.map(({ sha256 }) => sha256)).size).toBe(256);
    const mean = corpus.images.reduce((sum, { bytes }) => sum + bytes, 0) / 256;
    expect(mean).toBeGreaterThan(12_000);
    expect(mean).toBeLessThan(36_000);
    for (const { path } of corpus.images.slice(0, 3)) {
      expect((await readFile(path)).subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
    }
    const elsewhere = await mkdtemp(join(tmpdir(), 'servelab-corpus-'));
    const again = await loadCorpus({
      mix: '224',
      seed: 3,
      environment: { ...generated(), SERVELAB_CACHE_DIR: elsewhere },
    });
    await rm(elsewhere, { recursive: true });
    expect(again.sha256).toBe(corpus.sha256);
  });

  it('is read from the cache the second time, and made again when an image there is damaged', async () => {
    const request = { mix: '224', seed: 3, environment: generated() } as const;
    const first = await loadCorpus(request);
    let made = 0;
    const counted = { ...request, onProgress: () => void made++ };
    await loadCorpus(counted);
    expect(made).toBe(0);
    for (const path of [first.folder, join(first.folder, 'manifest.json'), first.images[0]?.path ?? '']) {
      expect((await stat(path)).mode & 0o077, path).toBe(0);
    }
    await writeFile(first.images[9]?.path ?? '', 'damaged');
    const repaired = await loadCorpus(counted);
    expect(made).toBe(256);
    expect(repaired.sha256).toBe(first.sha256);
    // Hashes beside the images prove nothing where anybody may have written both.
    await chmod(join(first.folder, 'manifest.json'), 0o666);
    await loadCorpus(counted);
    expect(made).toBe(512);
  });

  it('cuts the photographs where they are at hand', async ({ skip }) => {
    if (PHOTOGRAPHS_FOLDER === null) return skip('SERVELAB_IMAGE_SOURCE names no folder');
    const environment = { SERVELAB_CACHE_DIR: cache, SERVELAB_IMAGE_SOURCE: PHOTOGRAPHS_FOLDER };
    const corpus = await loadCorpus({ mix: '224', seed: 1, environment });
    expect(corpus).toMatchObject({ name: '224', generated: false });
    expect(new Set(corpus.images.map(({ source }) => source)).size).toBe(6);
    expect(await knownPhotographs(environment)).toHaveLength(5);
  });
});

describe('photographs from a URL', () => {
  it('are refused when they are not the pinned ones, or not all there', async () => {
    const server = createServer((request, response) => {
      response.writeHead(request.url === '/cat_720p.jpg' ? 200 : 404).end('not a cat');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const from = (source: string) =>
      knownPhotographs({ SERVELAB_CACHE_DIR: cache, SERVELAB_IMAGE_SOURCE: source });
    await expect(from(url)).rejects.toThrow('is not the pinned photograph');
    await expect(from(`${url}/nowhere`)).rejects.toThrow('cat_720p.jpg is not there');
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});
