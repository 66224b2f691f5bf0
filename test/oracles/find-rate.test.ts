import { afterEach, expect, it } from 'vitest';
import { runServelab } from '../fixtures/run-servelab.js';
import { ON_THE_CLOCK } from './form.js';
import { startTarget, type Target } from './target.js';

let target: Target | undefined;
afterEach(async () => await target?.stop());

it(
  'brackets the known limit of a queue whose service takes 10 ms, from a start that it finds itself',
  ON_THE_CLOCK,
  async () => {
    target = await startTarget('../fixtures/single-server-queue.mjs', '10');
    const load = ['load', target.url, '--image', target.imagePath, '--arrivals', 'constant'];
    const search = [
      '--find-rate',
      '--slo',
      'p90<=60ms',
      '--bracket-pct',
      '20',
      '--duration',
      '1s',
      '--warmup',
      '200ms',
    ];
    const { code, stdout, stderr } = await runServelab([...load, ...search, '--json']);
    const { pass_rps, fail_rps, end, tries } = JSON.parse(stdout);
    // Evenly spaced requests never wait below 100 a second; above it the queue grows by (rate / 100 - 1) seconds a
    // second, so that the 90th of 100 requests waits 50 ms longer than its service from about 105 a second.
    expect(pass_rps).toBeLessThanOrEqual(106);
    expect(fail_rps).toBeGreaterThanOrEqual(100);
    expect(fail_rps / pass_rps).toBeLessThanOrEqual(1.2);
    expect({ code, end }).toEqual({ code: 0, end: 'found' });
    expect(stderr.match(/^(pass|fail|invalid) .*req\/s/gm)?.length).toBe(tries.length);
  },
);
