import { withoutRightAnswer } from '../../analyse/outcome-counts.js';
import { type Cause, loadName } from './finding.js';

/** An error that comes fast, or a time-out, moves the percentiles of a tool that times it like an answer. */
export const failedRequests: Cause = (loads) => {
  const failed = loads.filter(({ counts }) => withoutRightAnswer(counts) !== 0);
  if (failed.length === 0) return null;
  const timed = failed.map(({ failuresTimed }) => failuresTimed);
  return {
    cause: 'Failed requests are timed like answers',
    applies: timed.includes(true) ? true : timed.includes(null) ? null : false,
    evidence: failed.map((one) => {
      const bad = withoutRightAnswer(one.counts);
      if (bad === null) return `${loadName(one)}: its files do not say how many requests failed.`;
      const timed = one.failuresTimed ? 'are among its times' : 'are not among its times';
      return `${loadName(one)}: ${bad} of ${one.counts.scheduled} requests without a right answer ${timed}.`;
    }),
  };
};
