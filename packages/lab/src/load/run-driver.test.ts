import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '@servelab/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readRecords } from '../record/record-reader.js';
import type { LoadPlan } from './load-plan.js';
import { runDriver } from './run-driver.js';

const S = 1e6;
const MACAW = { predictions: [{ class_id: 88, class_name: 'macaw', confidence: 0.9 }] };

let directory: string;
let server: Server;

async function serve(listener: RequestListener): Promise<string> {
  server = createServer((request, response) => {
    request.resume().on('end', () => listener(request, response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/predict`;
}

function plan(url: string, change: Partial<LoadPlan> = {}): LoadPlan {
  return {
    url,
    adapter: { body: 'multipart' },
    images: [{ path: join(directory, 'a.jpg'), expectedClass: 88 }],
    load: { mode: 'closed', concurrency: 4 },
    warmupUs: 0.2 * S,
    durationUs: 0.4 * S,
    timeoutUs: 60 * S,
    graceUs: 60 * S,
    seed: 1,
    checkShare: 1,
    recordsPath: join(directory, 'records.ndjson'),
    ...change,
  };
}

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'servelab-load-'));
  await writeFile(join(directory, 'a.jpg'), Buffer.alloc(24_000, 7));
});

afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => server?.close(resolve) ?? resolve(undefined));
  await rm(directory, { recursive: true, force: true });
});

describe('runDriver', () => {
  it('runs a closed load through warm-up and measured part and records every request', async () => {
    const url = await serve((_request, response) => response.end(JSON.stringify(MACAW)));
    const phases: string[] = [];
    const result = await runDriver(plan(url), { onPhase: (phase) => phases.push(phase) });
    const records = await readRecords(result.recordsPath);
    expect(phases).toEqual(['connecting', 'warmup', 'measured', 'grace', 'writing']);
    expect(result.counts.ok).toBe(result.counts.scheduled);
    expect(result.checked).toBe(result.counts.scheduled);
    expect(records.length).toBe(result.counts.scheduled + result.warmup.scheduled);
    expect(result.warmup.scheduled).toBeGreaterThanOrEqual(4);
    expect(result.connectionsOpened).toBe(4);
    for (const { scheduled, fired, acquired, sent, first_byte, done } of records) {
      const moments = [scheduled, fired, acquired, sent, first_byte, done];
      expect(moments).toEqual([...moments].sort((a, b) => (a ?? 0) - (b ?? 0)));
    }
  });

  it('sends an open load at its scheduled moments', async () => {
    const url = await serve((_request, response) => response.end(JSON.stringify(MACAW)));
    const load = { mode: 'open', rate_rps: 100, arrivals: 'constant' } as const;
    const result = await runDriver(plan(url, { load }));
    const records = await readRecords(result.recordsPath);
    expect(result.warmup.scheduled + result.counts.scheduled).toBe(60);
    expect(records.map(({ scheduled }) => Math.round((scheduled - result.startedUs) / 1e4) + 0)).toEqual(
      Array.from({ length: 60 }, (_, index) => index),
    );
  });

  it('measures the same requests however long it warms up', async () => {
    const load = { mode: 'open', rate_rps: 100, arrivals: 'poisson' } as const;
    let asked = 0;
    // 60 ms for the first, 1.5 ms less for each after it.
    const url = await serve((_request, response) => {
      setTimeout(() => response.end(JSON.stringify(MACAW)), Math.max(0, 60 - 1.5 * asked++));
    });
    const measure = async (change: Partial<LoadPlan>) => {
      const images = ['a.jpg', 'a.jpg', 'a.jpg'].map((name) => ({
        path: join(directory, name),
        expectedClass: 88,
      }));
      const result = await runDriver(plan(url, { load, images, checkShare: 0.5, ...change }));
      const records = await readRecords(result.recordsPath);
      const warm = records.filter(({ phase }) => phase === 'warmup');
      expect(warm.every(({ scheduled }) => scheduled < result.measuredFromUs)).toBe(true);
      expect(records.map(({ index }) => index)).toEqual([...records.keys()]);
      return { result, measured: records.filter(({ phase }) => phase === 'measured') };
    };
    const cold = await measure({ warmupMaxUs: 0.6 * S });
    expect(cold.result.warmupUs).toBeGreaterThanOrEqual(0.2 * S);
    expect(cold.result.warmupSteady).not.toBeNull();
    const fixed = await measure({});
    expect(fixed.result).toMatchObject({ warmupUs: 0.2 * S, warmupSteady: null });
    const sent = ({ measured }: typeof cold) => measured.map(({ image, checked }) => [image, checked]);
    expect(sent(cold)).toEqual(sent(fixed));
    expect(sent(cold).length).toBeGreaterThan(25);
    const offsetsUs = ({ result, measured }: typeof cold) =>
      measured.map(({ scheduled }) => scheduled - result.measuredFromUs);
    // Records have whole microseconds.
    for (const [i, us] of offsetsUs(cold).entries())
      expect(us - (offsetsUs(fixed)[i] ?? 0)).toBeCloseTo(0, -1);
  });

  it('tells wrong, rejected and failed answers apart', async () => {
    const answers = [
      { status: 200, body: { predictions: [{ class_id: 1, class_name: 'goldfish', confidence: 1 }] } },
      { status: 200, body: { nonsense: true } },
      { status: 429, body: {} },
      { status: 503, body: {} },
      { status: 500, body: {} },
      { status: 200, body: MACAW },
    ];
    let next = 0;
    const url = await serve((_request, response) => {
      const { status, body } = answers[next++ % answers.length] ?? { status: 500, body: {} };
      response.writeHead(status).end(JSON.stringify(body));
    });
    const load = { mode: 'open', rate_rps: 60, arrivals: 'constant' } as const;
    const { counts, errors } = await runDriver(plan(url, { load, warmupUs: 0, durationUs: 1 * S }));
    expect(counts).toEqual({
      scheduled: 60,
      ok: 10,
      wrong: 20,
      rejected: 20,
      failed: 10,
      timed_out: 0,
      incomplete: 0,
    });
    // loadtest#108, vegeta#88: none of these counts is without a reason.
    const reasons = ['class 1 first, not 88', 'no predictions', 'HTTP 429', 'HTTP 503', 'HTTP 500'];
    expect(errors).toEqual(reasons.map((message) => ({ message, count: 10 })));
  });

  it.each([
    ['timed_out', 'what takes longer than the time-out', { timeoutUs: 0.2 * S }],
    ['incomplete', 'what is in flight after the grace period', { graceUs: 0.1 * S }],
  ] as const)('counts as %s %s', async (outcome, _what, change) => {
    const url = await serve(() => {});
    const load = { mode: 'open', rate_rps: 50, arrivals: 'constant' } as const;
    const { counts } = await runDriver(plan(url, { load, warmupUs: 0, durationUs: 0.4 * S, ...change }));
    expect(counts).toMatchObject({ scheduled: 20, [outcome]: 20 });
  });

  it('stops at once when it is aborted, and keeps what was measured', async () => {
    const url = await serve((_request, response) => response.end(JSON.stringify(MACAW)));
    const abort = new AbortController();
    const result = await runDriver(plan(url, { warmupUs: 0, durationUs: 60 * S }), {
      signal: abort.signal,
      onProgress: ({ done }) => {
        if (done > 0) abort.abort();
      },
    });
    expect(result.aborted).toBe(true);
    expect(result.counts.ok).toBeGreaterThan(0);
    expect(result.endedUs - result.startedUs).toBeLessThan(30 * S);
    expect((await readRecords(result.recordsPath)).length).toBe(result.counts.scheduled);
  });

  it('tells waiting for a free connection from opening one', async () => {
    const url = await serve((_request, response) => setTimeout(() => response.end('{}'), 60));
    const load = { mode: 'open', rate_rps: 40, arrivals: 'constant' } as const;
    const waits = async (change: Partial<LoadPlan>) => {
      const asked = { load, warmupUs: 0, durationUs: 0.5 * S, checkShare: 0, ...change };
      const { recordsPath } = await runDriver(plan(url, asked));
      return await readRecords(recordsPath);
    };

    const shared = await waits({ connections: { ahead: 1, max: 1 } });
    expect(shared.map(({ connecting }) => connecting)).toEqual(Array(20).fill(undefined));
    // The one connection is had by one after the other, each of whom has waited for it since it was fired.
    for (const [n, { fired, acquired }] of shared.entries()) {
      const free = Math.max(fired ?? Number.NaN, shared[n - 1]?.done ?? 0);
      expect(acquired).toBeGreaterThanOrEqual(free);
    }
    // 20 that take 60 ms each are due within 500 ms.
    const waited = shared.filter(({ fired, acquired }) => (acquired ?? 0) - (fired ?? 0) > 1000);
    expect(waited.length).toBeGreaterThan(0);

    const [, ...opened] = await waits({
      connections: { ahead: 1, max: 99 },
      headers: { Connection: 'close' },
    });
    expect(opened.length).toBe(19);
    for (const { fired, acquired, connecting } of opened) {
      expect(connecting).toBeGreaterThanOrEqual(fired ?? Number.POSITIVE_INFINITY);
      expect(connecting).toBeLessThanOrEqual(acquired ?? 0);
    }
  });

  it('says what to do when nothing answers', async () => {
    const url = await serve(() => {});
    await new Promise((resolve) => server.close(resolve));
    const failure = await runDriver(plan(url)).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UserError);
    expect(failure).toMatchObject({ exitCode: 3, message: expect.stringContaining('ECONNREFUSED') });
  });
});
