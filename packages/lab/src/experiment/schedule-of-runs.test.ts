import { seededRandom } from '@servelab/core';
import { describe, expect, it } from 'vitest';
import { interleave, pointId } from './schedule-of-runs.js';

const groups = [
  { workload: 'photographs', stacks: ['a', 'b', 'c'], loads: [{ mode: 'closed' as const, concurrency: 8 }] },
  { workload: 'simulated', stacks: ['a', 'b'], loads: [] },
];

describe('interleave', () => {
  it('gives every stack of every workload one turn in each repeat', () => {
    const turns = interleave(groups, 4, seededRandom(1, 'order'));
    expect(turns.map(({ order }) => order)).toEqual(turns.map((_, index) => index));
    for (let repeat = 0; repeat < 4; repeat++) {
      const block = turns.filter((turn) => turn.repeat === repeat);
      expect(block.map((turn) => `${turn.workload} ${turn.stack}`).sort()).toEqual([
        'photographs a',
        'photographs b',
        'photographs c',
        'simulated a',
        'simulated b',
      ]);
    }
  });

  it('mixes the order from block to block, the same for the same seed', () => {
    const orderOf = (seed: number) =>
      interleave(groups, 8, seededRandom(seed, 'order'))
        .map((turn) => turn.stack)
        .join('');
    expect(orderOf(1)).toBe(orderOf(1));
    expect(orderOf(1)).not.toBe(orderOf(2));
    const blocks = new Set(orderOf(1).match(/.{5}/g));
    expect(blocks.size).toBeGreaterThan(2);
  });
});

describe('pointId', () => {
  it('is safe as a file name', () => {
    const turn = { workload: 'photographs', stack: 'servelab:none@int8', repeat: 0 };
    expect(pointId(turn, { mode: 'open', rate_rps: 63.5, arrivals: 'poisson' })).toBe(
      'photographs_servelab-none-int8_open-63.5-s-poisson_r1',
    );
  });
});
