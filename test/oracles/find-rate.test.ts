import { afterEach, expect, it } from 'vitest';
import { runServelab } from '../fixtures/run-servelab.js';
import { heldAgainst } from './figures.js';
import { onTheClock } from './on-the-clock.js';
import { startTarget, type Target } from './target.js';

let target: Target | undefined;
afterEach(async () => await target?.stop());

it('brackets the known limit of a queue whose service takes 10 ms, from a start that it finds itself', (context) =>
  onTheClock(context, async () => {
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
    const what = 'search for the highest rate of 100 req/s';
    // Where not even a low rate can be sent on time, there is no result.
    if (stdout === '') return [heldAgainst(`${what}: searches without a result`, 1, { to: 0 })];
    const { pass_rps, fail_rps, end, tries } = JSON.parse(stdout);
    // Evenly spaced requests never wait below 100 a second; above it the queue grows by (rate / 100 - 1) seconds a
    // second, so that the 90th of 100 requests waits 50 ms longer than its service from about 105 a second.
    expect(stderr.match(/^(pass|fail|invalid) .*req\/s/gm)?.length).toBe(tries.length);
    return [
      heldAgainst(`${what}: passes`, pass_rps ?? Number.NaN, { to: 106, unit: 'req/s' }),
      heldAgainst(`${what}: fails`, fail_rps ?? Number.NaN, { from: 100, unit: 'req/s' }),
      heldAgainst(`${what}: width of the bracket`, fail_rps / pass_rps, { to: 1.2 }),
      heldAgainst(`${what}: ends that are not "found"`, Number(code !== 0 || end !== 'found'), { to: 0 }),
    ];
  }));
