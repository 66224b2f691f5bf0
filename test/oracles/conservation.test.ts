import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LoadShape, readRecords, runDriver } from '@servelab/lab';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hold } from './figures.js';
import { either } from './form.js';

const S = 1e6;
const SERVERS = either(12, 150);
const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}';

/** What a faulty server does when a request comes. */
const FAULTS: Record<string, (socket: Socket) => void> = {
  answer: (socket) => void socket.write(OK),
  refuse: (socket) => void socket.write('HTTP/1.1 429 Too Many Requests\r\ncontent-length: 0\r\n\r\n'),
  fail: (socket) => void socket.write('HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n'),
  reset: (socket) => void socket.resetAndDestroy(),
  'cut short': (socket) => void socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{'),
  'no length': (socket) => void socket.end('HTTP/1.1 200 OK\r\n\r\n{}'),
  nonsense: (socket) => void socket.write('I am no HTTP server\r\n\r\n'),
  'too much': (socket) => void socket.write(`${OK}${OK}`),
  silence: () => {},
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'servelab-faults-'));
  await writeFile(join(folder, 'a.jpg'), 'x');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/**
 * A server that takes its faults in turn. After `diesAfter` requests it is gone, as a killed process is: its
 * connections are reset and nobody listens any more.
 */
async function startFaultyServer(faults: readonly string[], diesAfter: number | null) {
  const sockets = new Set<Socket>();
  let served = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
    // A request is small: it comes in one piece.
    socket.on('data', () => {
      if (served++ === diesAfter) die();
      else FAULTS[faults[served % faults.length] ?? 'answer']?.(socket);
    });
  });
  const die = () => {
    server.close();
    for (const socket of sockets) socket.resetAndDestroy();
  };
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/predict`, die };
}

async function measure(url: string, load: LoadShape, warmupMaxUs: number | undefined) {
  const result = await runDriver({
    url,
    adapter: { body: 'raw' },
    images: [{ path: join(folder, 'a.jpg'), expectedClass: null }],
    load,
    warmupUs: 0.05 * S,
    ...(warmupMaxUs !== undefined && { warmupMaxUs }),
    durationUs: 0.25 * S,
    timeoutUs: 0.12 * S,
    graceUs: 0.05 * S,
    seed: 1,
    checkShare: 0,
    recordsPath: join(folder, 'records.ndjson'),
  });
  return { ...result, records: await readRecords(result.recordsPath) };
}

const loads = fc.oneof(
  fc.record({ mode: fc.constant('closed' as const), concurrency: fc.integer({ min: 1, max: 8 }) }),
  fc.record({
    mode: fc.constant('open' as const),
    rate_rps: fc.integer({ min: 20, max: 400 }),
    arrivals: fc.constantFrom('poisson' as const, 'constant' as const),
  }),
);
const warmups = fc.constantFrom(undefined, 0.15 * S);
const faultLists = fc.array(fc.constantFrom(...Object.keys(FAULTS)), { minLength: 1, maxLength: 9 });
const deaths = fc.option(fc.integer({ min: 1, max: 40 }), { freq: 2 });

it('holds the conservation law whatever the server does to its connections, and when it dies', async ({
  task,
}) => {
  let requests = 0;
  let unaccounted = 0;
  await fc.assert(
    fc.asyncProperty(loads, faultLists, deaths, warmups, async (load, faults, diesAfter, warmupMaxUs) => {
      const server = await startFaultyServer(faults, diesAfter);
      const { counts, warmup, records } = await measure(server.url, load, warmupMaxUs);
      server.die();
      for (const { scheduled, ok, wrong, rejected, failed, timed_out, incomplete } of [counts, warmup]) {
        unaccounted += Math.abs(scheduled - ok - wrong - rejected - failed - timed_out - incomplete);
      }
      requests += records.length;
      unaccounted += Math.abs(records.length - counts.scheduled - warmup.scheduled);
      expect(unaccounted).toBe(0);
      for (const { outcome, status, done } of records) {
        if (outcome === 'ok') expect(status).toBe(200);
        if (outcome === 'rejected') expect(status).toBe(429);
        expect(done === null).toBe(outcome === 'timed_out' || outcome === 'incomplete');
      }
      if (faults.every((fault) => fault === 'silence')) expect(counts.ok).toBe(0);
      if (diesAfter === null && faults.every((fault) => fault === 'answer')) {
        // Some may be late on a busy machine; none is taken for anything else.
        expect(counts.ok + counts.timed_out + counts.incomplete).toBe(counts.scheduled);
      }
    }),
    { numRuns: SERVERS, seed: 7, endOnFailure: true },
  );
  const oracle = `conservation: of ${requests} requests to ${SERVERS} faulty servers, unaccounted for`;
  hold(task, oracle, unaccounted, { to: 0 });
});
