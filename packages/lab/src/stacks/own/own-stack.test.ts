import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readProcessTable } from '../../process/process-table.js';
import { ownStack } from './own-stack.js';
import { readOwnServers } from './read-own-servers.js';

const never = new AbortController().signal;
const DESCRIPTION = {
  name: 'mine',
  workload: 'photographs',
  kind: 'other',
  framework: 'mine',
  form: '',
  runtime: 'unknown',
  precision: 'f32',
  policy: 'its own',
  batching: { kind: 'unknown' },
} as const;
/** Answers everything with the value of ANSWER, and leaves a child behind that would outlive it. */
const PROGRAM = `
  require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  require('node:http')
    .createServer((request, response) => request.resume().on('end', () => response.end(process.env.ANSWER)))
    .listen(process.env.PORT, '127.0.0.1', () => console.error('session ' + process.pid));
`;

let folder: string;
let other: Server | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'servelab-own-stack-'));
  await writeFile(join(folder, 'image.jpg'), Buffer.from([0xff, 0xd8, 0xff]));
});
afterEach(async () => {
  other?.close();
  await rm(folder, { recursive: true });
});

function start(entry: Record<string, unknown>) {
  const [server] = readOwnServers({ mine: entry }, folder);
  if (server === undefined) throw new Error('no server was read');
  return ownStack(DESCRIPTION, server, join(folder, 'image.jpg')).start(null, never);
}

const started = {
  command: [process.execPath, '-e', PROGRAM],
  url: 'http://127.0.0.1:{port}/predict',
};

describe('a server of the user’s own', () => {
  it('runs at a port of its own until it is stopped, and nothing of it is left', async () => {
    const running = await start({ ...started, expect: 'none', environment: { ANSWER: 'port {port}' } });
    const answer = await (await fetch(running.predictUrl)).text();
    expect(answer).toBe(`port ${new URL(running.predictUrl).port}`);
    const leader = Number(/session (\d+)/.exec(running.logTail())?.[1]);
    const members = async () =>
      ((await readProcessTable('')) ?? []).filter(({ session }) => session === leader);
    expect(await members()).toHaveLength(2);
    expect((await running.usage())?.rssMb).toBeGreaterThan(10);

    expect(await running.stop()).toEqual([]);
    expect(await members()).toEqual([]);
    expect(running.alive()).toBe(false);
  });

  it('is refused when its answer is none of the contract’s, with a hint', async () => {
    await expect(start({ ...started, environment: { ANSWER: 'a cat' } })).rejects.toThrow(
      /^mine does not answer as it should: no prediction in a cat; .* "expect: none"$/,
    );
  });

  it('is not taken for another that has its port already', async () => {
    other = createServer((_, response) => response.end()).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}/predict`;
    await expect(start({ ...started, url })).rejects.toThrow('before it is started');
  });

  it('says so when its folder does not exist', async () => {
    await expect(start({ ...started, cwd: 'nowhere' })).rejects.toThrow(
      `mine: there is no folder ${join(folder, 'nowhere')}`,
    );
  });
});
