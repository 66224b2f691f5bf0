import type { BatchProposal } from '../../policy.js';

type Reason = Omit<BatchProposal, 'ids'>;

export function planned(size: number, waiting: number): Reason {
  if (waiting === 1) {
    return { reason: 'a worker is free and 1 waits; waiting for more does not pay', rule: 'planned-all' };
  }
  const free = `a worker is free and ${waiting} wait; for this cost and rate`;
  if (size === waiting) return { reason: `${free} all of them together are best`, rule: 'planned-all' };
  return { reason: `${free} ${size} ${size === 1 ? 'is' : 'are'} best`, rule: 'planned-part' };
}

export const waited = (size: number, waitedUs: number): Reason => ({
  reason: `waited ${(waitedUs / 1000).toFixed(1)} ms for company, as far as it was expected: ${size}`,
  rule: 'waited',
});

export const onTimeOnly = (onTime: number, size: number): Reason => ({
  reason: `only ${onTime} of ${size} are ready by the first deadline`,
  rule: 'deadline',
});
