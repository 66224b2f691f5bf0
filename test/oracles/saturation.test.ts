import { pointAlone } from '@servelab/lab';
import { afterEach, it } from 'vitest';
import { heldNear, middle } from './figures.js';
import { either } from './form.js';
import { onTheClock } from './on-the-clock.js';
import { MISSING, runWrk } from './outside-generators.js';
import { startTarget, type Target } from './target.js';

const S = 1e6;
const SERVICE_MS = 5;
const CONCURRENCY = 8;
const ROUNDS = either(3, 5);
const ROUND_S = either(2, 6);
let target: Target;
afterEach(() => target.stop());

async function throughputRps(): Promise<number> {
  const change = { load: { mode: 'closed', concurrency: CONCURRENCY }, durationUs: ROUND_S * S } as const;
  const { records, ...result } = await target.run(change);
  return pointAlone('queue', target.plan(change), result, records).throughput_rps.value ?? Number.NaN;
}

it('reports the capacity of a server that is the limit, as wrk does, within 3 %', (context) =>
  onTheClock(context, async () => {
    target = await startTarget('../fixtures/single-server-queue.mjs', String(SERVICE_MS));
    const own: number[] = [];
    const outside: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      own.push(await throughputRps());
      if (MISSING.wrk === null) outside.push((await runWrk(target, CONCURRENCY, ROUND_S)).rateRps);
    }
    const what = `saturation at ${1000 / SERVICE_MS} req/s: throughput`;
    const byCapacity = heldNear(`${what} against the capacity`, (middle(own) * SERVICE_MS) / 1000, 3);
    if (MISSING.wrk !== null) return [byCapacity];
    return [byCapacity, heldNear(`${what} against wrk, ${ROUNDS} rounds`, middle(own) / middle(outside), 3)];
  }));
