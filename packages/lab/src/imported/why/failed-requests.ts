import { type Cause, loadName } from './finding.js';

/** An error that comes fast, or a time-out, moves the percentiles of a tool that times it like an answer. */
export const failedRequests: Cause = (loads) => {
  const failed = loads.filter(({ counts }) => counts.scheduled > counts.ok);
  if (failed.length === 0) return null;
  return {
    cause: 'Failed requests are timed like answers',
    applies: failed.some(({ failuresTimed }) => failuresTimed),
    evidence: failed.map((one) => {
      const bad = one.counts.scheduled - one.counts.ok;
      const timed = one.failuresTimed ? 'are among its times' : 'are not among its times';
      return `${loadName(one)}: ${bad} of ${one.counts.scheduled} requests without a right answer ${timed}.`;
    }),
  };
};
