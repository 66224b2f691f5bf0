import { describe, expect, it } from 'vitest';
import { oneWorkerView } from '../one-worker-view.fixture.js';
import { sloAdaptive } from './index.js';

const MS = 1000;

function view(arrivedMs: readonly number[], idleWorkers?: readonly number[]) {
  const waiting = arrivedMs.map((ms, n) => ({ id: n + 1, arrivedUs: ms * MS, deadlineUs: 1e12 }));
  return oneWorkerView(waiting, idleWorkers);
}

/**
 * A dispatcher after its eleven training batches of one image, 10 ms each, and as many more of two, 14 ms each,
 * whose older image had waited 8 ms: duration = 4 n + 6 ms. The wait is a mean over all batches kept, so it is
 * between 0 and 8 ms.
 */
function trained(maxLatencyMs = 60_000) {
  const policy = sloAdaptive(4, maxLatencyMs);
  let nowMs = 0;
  const run = (size: number, waitedMs: number, durationMs: number) => {
    const arrived = Array.from({ length: size }, (_, n) => (n === 0 ? nowMs - waitedMs : nowMs));
    // After any wait that it may want, it dispatches all of them.
    for (;;) {
      const { start, wakeAtUs } = policy.decide(view(arrived), nowMs * MS);
      if (start.length > 0) break;
      nowMs = Math.max(nowMs + 1, (wakeAtUs ?? 0) / MS);
    }
    nowMs += durationMs;
    policy.observe({
      kind: 'batch-done',
      worker: 0,
      size,
      inferUs: durationMs * MS,
      decodeUs: 0,
      atUs: nowMs * MS,
    });
    nowMs += 1000;
  };
  for (let n = 0; n < 11; n++) run(1, 0, 10);
  for (let n = 0; n < 11; n++) run(2, 8, 14);
  return { policy, nowMs: () => nowMs };
}

describe('trained', () => {
  it('knows the line through the durations', () => {
    const { policy, nowMs } = trained();
    expect(policy.explain?.(nowMs() * MS)).toMatchObject({
      phase: 'trained',
      per_image_ms: expect.closeTo(4, 1),
      fixed_ms: expect.closeTo(6, 1),
    });
  });

  it('a single image waits as past arrivals suggest, then starts', () => {
    const { policy, nowMs } = trained();
    const waitMs = Number(policy.explain?.(0).mean_wait_ms);
    expect(waitMs).toBeGreaterThan(2);
    const at = nowMs();
    // It stays corked while 1 * (age + 1 + 4) <= 0.95 * wait.
    const corkedMs = 0.95 * waitMs - 1 - 4;
    const { start, wakeAtUs = 0 } = policy.decide(view([at]), at * MS);
    if (corkedMs >= 0) {
      expect(start).toEqual([]);
      expect(wakeAtUs / MS).toBe(at + Math.floor(corkedMs) + 1);
      expect(policy.decide(view([at]), wakeAtUs).start).toHaveLength(1);
    } else expect(start).toHaveLength(1);
  });

  it('never waits with a full batch, and takes no more than that', () => {
    const { policy, nowMs } = trained();
    const at = nowMs();
    const { form } = policy.decide(view([at, at, at, at, at]), at * MS);
    expect(form.map(({ ids }) => ids)).toEqual([[1, 2, 3, 4]]);
    expect(form[0]?.rule).toBe('full');
  });

  it('sheds the oldest that is predicted to miss, also while the worker is busy', () => {
    const { policy, nowMs } = trained(100);
    const at = nowMs();
    // Three waiting: 4 * 3 + 6 = 18 ms; the oldest, 85 ms old, would be answered after 103.
    const { shed, form, wakeAtUs = 0 } = policy.decide(view([at - 85, at - 60, at], []), at * MS);
    expect(shed).toEqual([{ id: 1, code: 'shed' }]);
    expect(form).toEqual([]);
    // Two are left, 14 ms: the next one to go is given up when it is 86 ms old.
    expect(wakeAtUs / MS).toBeCloseTo(at + 26, 0);
  });
});

it('while it learns it takes what waits, as BentoML does', () => {
  const policy = sloAdaptive(4, 60_000);
  const { form } = policy.decide(view([0, 0, 0]), 0);
  expect(form).toEqual([
    {
      ids: [1, 2, 3],
      reason: 'learning what a batch costs: dispatch 1 of 8, with 3 waiting',
      rule: 'training',
    },
  ]);
});
