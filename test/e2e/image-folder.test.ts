import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { IMAGES } from '../fixtures/images.js';
import { runServelab } from '../fixtures/run-servelab.js';

it('servelab load sends the images of a folder and its sub-folders, and names what it skips', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'servelab-folder-'));
  const names = new Set<string | undefined>();
  const server = createServer(async (request, response) => {
    names.add(/filename="([^"]*)"/.exec(await text(request))?.[1]);
    response.end('{}');
  }).listen(0, '127.0.0.1');
  try {
    await once(server, 'listening');
    await mkdir(join(folder, 'more'));
    await writeFile(join(folder, 'photo.jfif'), IMAGES.jpeg);
    await writeFile(join(folder, 'more', 'picture.PNG'), IMAGES.png);
    await writeFile(join(folder, '._photo.jpg'), 'Mac OS X');
    await writeFile(join(folder, 'empty.jpg'), '');
    const { code, stderr } = await runServelab([
      ...['load', `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, '--image', folder],
      ...['--recursive', '--concurrency', '2', '--warmup', '0', '--duration', '300ms', '--json'],
    ]);
    expect(stderr).toContain(`skipped: ${join(folder, 'empty.jpg')} (empty)`);
    expect(code).toBe(0);
    expect([...names].sort()).toEqual(['photo.jfif', 'picture.PNG']);
  } finally {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true });
  }
});
