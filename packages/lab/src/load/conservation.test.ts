import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readRecords } from '../record/record-reader.js';
import { drive } from './drive.js';
import { createFastClock } from './fast-clock.js';
import type { LoadPlan, LoadShape } from './load-plan.js';

const S = 1e6;
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
let server: Server;
let faults: string[] = ['answer'];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'servelab-faults-'));
  await writeFile(join(folder, 'a.jpg'), 'x');
  let served = 0;
  server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    // A request is small: it comes in one piece.
    socket.on('data', () => FAULTS[faults[served++ % faults.length] ?? 'answer']?.(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true, force: true });
});

const plan = (load: LoadShape, warmupMaxUs: number | undefined): LoadPlan => ({
  url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/predict`,
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

it('holds the conservation law whatever the server does to its connections', async () => {
  await fc.assert(
    fc.asyncProperty(loads, faultLists, warmups, async (load, list, warmupMaxUs) => {
      faults = list;
      const hooks = { onProgress: () => {}, onPhase: () => {} };
      const clock = createFastClock();
      const result = await drive(plan(load, warmupMaxUs), clock, hooks, new AbortController().signal);
      const records = await readRecords(result.recordsPath);
      for (const counts of [result.counts, result.warmup]) {
        const { scheduled, ok, wrong, rejected, failed, timed_out, incomplete } = counts;
        expect(ok + wrong + rejected + failed + timed_out + incomplete).toBe(scheduled);
      }
      expect(records.length).toBe(result.counts.scheduled + result.warmup.scheduled);
      for (const { outcome, status, done } of records) {
        if (outcome === 'ok') expect(status).toBe(200);
        if (outcome === 'rejected') expect(status).toBe(429);
        expect(done === null).toBe(outcome === 'timed_out' || outcome === 'incomplete');
      }
      if (list.every((fault) => fault === 'silence')) expect(result.counts.ok).toBe(0);
      if (list.every((fault) => fault === 'answer')) expect(result.counts.ok).toBe(result.counts.scheduled);
    }),
    { numRuns: 12, seed: 7, endOnFailure: true },
  );
});
