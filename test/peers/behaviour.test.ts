import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { environmentOf, peerMissing } from '../fixtures/peers.js';

/**
 * What docs/service-implementation.md says of each framework, asked of the installed version itself: a small
 * program drives its batching (or routing) code and prints what it saw.
 */
function observed(peer: string, program: string, tests: (seen: () => Record<string, unknown>) => void): void {
  const missing = peerMissing(peer);
  if (missing !== null) {
    it(`${peer} behaves as documented`, (context) => context.skip(missing));
    return;
  }
  describe(peer, () => {
    let seen: Record<string, unknown>;
    beforeAll(async () => {
      seen = await run(join(environmentOf(peer), 'bin', 'python'), program);
    });
    tests(() => seen);
  });
}

async function run(python: string, program: string): Promise<Record<string, unknown>> {
  const path = fileURLToPath(new URL(`./python/${program}`, import.meta.url));
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1', BENTOML_DO_NOT_TRACK: '1' };
  const { stdout } = await promisify(execFile)(python, [path], { env, timeout: 300_000 });
  return JSON.parse(stdout);
}

observed('bentoml', 'bentoml_dispatcher.py', (seen) => {
  it('counts requests, not images, when it learns what a batch costs', () => {
    expect(seen()).toMatchObject({ images_of_one_batch: 6, regression_counts: 2 });
  });

  it('counts images when it fills a batch, and splits a request that does not fit', () => {
    expect(seen().batches_of_5_and_5).toEqual([[5, 3], [2]]);
  });

  it('runs one batch at a time, and bounds no queue', () => {
    expect(seen()).toMatchObject({ most_running_at_once: 1, longest_queue_allowed: null });
  });

  it('lets a lone request wait for company that came in the past, though the model is free', () => {
    expect(seen().waited_alone_of_learnt_wait).toBeGreaterThan(0.8);
  });

  it('gives an exception to every request of the batch', () => {
    expect(seen().one_bad_among_three).toEqual(['failed', 'failed', 'failed']);
  });
});

observed('rayserve', 'ray_batching.py', (seen) => {
  it('freezes a batch when its window ends, though the batch before it still runs', () => {
    expect(seen().batches_while_it_works).toEqual([['running'], ['early'], ['late']]);
  });

  it('puts a request that does not fit behind younger ones', () => {
    expect(seen().batches_of_5_5_and_1).toEqual([['a'], ['c', 'b']]);
  });

  it('fails a request that is larger than a batch', () => {
    expect(seen().one_larger_than_a_batch).toEqual(['failed']);
  });

  it('gives an exception to every request of the batch', () => {
    expect(seen().one_bad_among_three).toEqual(['failed', 'failed', 'failed']);
  });

  it('lets five requests into a replica unless told otherwise, so that a batch of eight never fills', () => {
    expect(seen().default_max_ongoing_requests).toBe(5);
  });
});

observed('litserve', 'litserve_loop.py', (seen) => {
  it('takes what waits, up to the maximum, when the model is free', () => {
    expect(seen()).toMatchObject({ batches_of_16_waiting: [8, 8], default_batch_timeout: 0 });
  });

  it('gives an exception to every request of the batch', () => {
    expect(seen().one_bad_among_eight).toEqual(Array(8).fill('ERROR'));
  });

  it('asks its empty queue again and again while it has nothing to do', () => {
    expect(seen().asked_its_queue_in_vain).toBeGreaterThanOrEqual(1000);
  });
});

observed('fastapi', 'fastapi_routes.py', (seen) => {
  it('answers nobody, health included, while an async route predicts', () => {
    expect(seen().health_while_an_async_route_predicts).toBe('waited');
  });

  it('answers others while a def route predicts, in one of 40 threads', () => {
    expect(seen()).toMatchObject({ health_while_a_def_route_predicts: 'answered', threads: 40 });
  });
});
