import { listed } from '../../text/figure-words.js';
import { loadKey, loadLabel } from '../../text/load-label.js';
import { type Cause, loadName } from './finding.js';

/** Users who wait, or requests that come by themselves: at the same rate, the second sees longer queues. */
export const kindOfLoop: Cause = (loads) => {
  const kinds = new Set(loads.map(({ load }) => loadKey(load)));
  const guessed = loads.filter(({ loadIsKnown }) => !loadIsKnown);
  const modes = new Set(loads.map(({ load }) => load.mode));
  const evidence = loads.map((one) => `${loadName(one)}: ${one.load.mode} loop, ${loadLabel(one.load)}.`);
  if (guessed.length > 0) {
    evidence.push(
      `The files of ${listed(guessed.map(loadName))} do not say whether it was a closed loop; it is taken for one. --rate or --users says it.`,
    );
  }
  if (modes.size > 1) {
    evidence.push(
      'In a closed loop a slow answer holds back the requests behind it, so queues stay short; in an open loop they come all the same. Their latencies are of different questions.',
    );
  }
  return {
    cause: 'They are different loads: open or closed loop, users, rate',
    applies: guessed.length > 0 && kinds.size > 1 ? null : kinds.size > 1,
    evidence,
  };
};
