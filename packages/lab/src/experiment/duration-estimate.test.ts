import { expect, it } from 'vitest';
import { DurationEstimate } from './duration-estimate.js';

const turn = {
  order: 0,
  repeat: 0,
  workload: 'w',
  stack: 's',
  loads: [{ mode: 'closed' as const, concurrency: 8 }],
};
const twoLoads = { ...turn, loads: [...turn.loads, { mode: 'closed' as const, concurrency: 1 }] };
const own = { name: 's', workload: 'w', kind: 'servelab', form: '' } as const;
const peer = { name: 'p', workload: 'w', kind: 'peer', form: 'seeds' } as const;

it('adds known windows to the overhead seen so far', () => {
  const estimate = new DurationEstimate(() => 3, [own]);
  expect(estimate.remainingS([turn, twoLoads])).toBe(3 + 3 + 3 + 6); // guessed overhead 3 s each
  estimate.observe(turn, 4); // overhead 1 s replaces the guess
  expect(estimate.remainingS([turn, twoLoads])).toBe(1 + 3 + 1 + 6);
  estimate.observe(twoLoads, 9); // overhead 3 s: mean 2 s
  expect(estimate.remainingS([turn])).toBe(2 + 3);
});

it('knows that a peer starts more slowly than our own, and learns of each apart', () => {
  const estimate = new DurationEstimate(() => 3, [own, peer]);
  const ofPeer = { ...turn, stack: 'p' };
  expect(estimate.remainingS([ofPeer])).toBeGreaterThan(3 * estimate.remainingS([turn]));
  estimate.observe(ofPeer, 23);
  expect(estimate.remainingS([ofPeer, turn])).toBe(20 + 3 + 3 + 3);
});
