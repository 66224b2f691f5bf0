import { CLIENT_UTILIZATION_LIMIT, LITTLE_TOLERANCE } from '../analyse/checks/point-checks.js';
import { withoutRightAnswer } from '../analyse/outcome-counts.js';
import { digits, listed, shareWords } from '../text/figure-words.js';
import { loadKey, loadLabel } from '../text/load-label.js';
import { busyShare, type ImportedLoad, perSecond } from './imported-load.js';

/** One cause for which two tools may give different figures of the same server. */
export interface Finding {
  readonly cause: string;
  /** Null where the files do not say. */
  readonly applies: boolean | null;
  /** What in the files says so, a sentence each. */
  readonly evidence: readonly string[];
}

/** Looks for one cause in the loads that lie beside each other; null where it cannot arise between them. */
export type Cause = (loads: readonly ImportedLoad[]) => Finding | null;

/** `fastapi/tuned by locust`. */
export const loadName = ({ name, tool }: ImportedLoad): string => `${name} by ${tool}`;

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

/** A longest answer of this many means is a stall worth the name. */
const STALL = 5;

/** A tool that does not send while it waits does not measure what the requests would have met that it did not send. */
export const coordinatedOmission: Cause = (loads) => {
  const unsent = loads.map((one) => ({ one, requests: unsentRequests(one) }));
  const openBeside = loads.some(({ load }) => load.mode === 'open');
  const seen = unsent.filter(({ one, requests }) => one.dropped > 0 || (openBeside && requests !== null));
  return {
    cause: 'Coordinated omission: requests that were not sent while the server stalled',
    applies: seen.length > 0,
    evidence: unsent.map(({ one, requests }) => unsentEvidence(one, requests)),
  };
};

/** Those that would have come during the longest answer at the rate that was reached, beside the one a user; null for no stall. */
function unsentRequests({ load, fromSend, throughputRps }: ImportedLoad): number | null {
  const { max, mean } = fromSend;
  if (load.mode === 'open' || max === null || mean === null || throughputRps === null) return null;
  if (max < STALL * mean) return null;
  return Math.max(0, (throughputRps * max) / 1000 - (load.concurrency ?? 1));
}

function unsentEvidence(one: ImportedLoad, requests: number | null): string {
  const { load, dropped, counts, fromSend } = one;
  if (dropped > 0) {
    return `${loadName(one)}: ${dropped} of ${counts.scheduled} requests were due and never sent, since all users were waiting (dropped_iterations); they are in no percentile.`;
  }
  if (load.mode === 'open') return `${loadName(one)}: every request that was due was sent.`;
  if (requests === null) return `${loadName(one)}: closed loop, and no answer took ${STALL} times the mean.`;
  return `${loadName(one)}: closed loop; during its longest answer of ${digits(fromSend.max ?? 0)} ms an open loop of the same rate would have sent ${digits(requests)} more requests, all of them into the stall.`;
}

/** A client without time to spare measures itself: it sends late and reads late. */
export const busyClient: Cause = (loads) => {
  const noted = loads.filter(({ client }) => client !== null && client.busy !== null);
  return {
    cause: 'The client is the bottleneck',
    applies: noted.length === 0 ? null : noted.some((one) => utilisation(one) >= CLIENT_UTILIZATION_LIMIT),
    evidence: loads.map(clientEvidence),
  };
};

const utilisation = ({ client }: ImportedLoad): number => (client?.busy ?? 0) / (client?.cores ?? 1);

function clientEvidence(one: ImportedLoad): string {
  const { client, tool, counts, measuredS } = one;
  if (tool === 'servelab')
    return `${loadName(one)}: judged by its own verdict (utilisation below ${CLIENT_UTILIZATION_LIMIT}).`;
  if (client === null || client.busy === null) {
    return `${loadName(one)}: its files do not say what the client's processor did; "make ${tool}" notes it.`;
  }
  const perS = perSecond(counts.scheduled, measuredS) ?? 0;
  const each = perS === 0 ? '' : `, ${digits((1000 * client.busy) / perS)} ms of CPU a request`;
  return `${loadName(one)}: busy for ${shareWords(utilisation(one))} of the ${client.cores} ${client.cores === 1 ? 'core' : 'cores'} it can use${each}.`;
}

/** Users who pause, or whose tool is busy, send less than users who do not. */
export const timeBetweenRequests: Cause = (loads) => {
  const closed = loads.filter(({ load }) => load.mode === 'closed');
  if (closed.length === 0) return null;
  const shares = closed.map((one) => ({ one, share: busyShare(one) }));
  const known = shares.filter(({ share }) => share !== null);
  return {
    cause: 'Time between an answer and the next request: think time, or work of the client',
    applies:
      known.length === 0 ? null : known.some(({ share }) => Math.abs((share ?? 1) - 1) > LITTLE_TOLERANCE),
    evidence: shares.map(({ one, share }) => waitEvidence(one, share)),
  };
};

function waitEvidence(one: ImportedLoad, share: number | null): string {
  const { load, thinkS, measuredS, counts } = one;
  if (share === null) return `${loadName(one)}: its files do not have users, length and mean together.`;
  const asked =
    thinkS === null
      ? 'whether it was asked to pause, they do not say'
      : thinkS === 0
        ? 'it was not asked to pause'
        : `it was asked to pause for ${thinkS} s`;
  const requests = counts.scheduled;
  const idleMs =
    share >= 1 || requests === 0 || measuredS === null
      ? ''
      : `, that is ${(((1 - share) * (load.concurrency ?? 1) * measuredS * 1000) / requests).toFixed(2)} ms after each answer`;
  return `${loadName(one)}: its users waited for an answer in ${shareWords(share)} of their time${idleMs}; ${asked}.`;
}

/** Above this share of the latency, a choice of how it is measured is seen in the metrics. */
const VISIBLE_SHARE = 0.03;

/** servelab counts from the moment a request was due; Locust and k6 from the send. */
export const startOfLatency: Cause = (loads) => {
  const compared = loads.map((one) => ({ one, added: addedShare(one) }));
  const known = compared.filter(({ added }) => added !== null);
  return {
    cause: 'Latency runs from the schedule (servelab) or from the send (Locust, k6)',
    applies: known.length === 0 ? null : known.some(({ added }) => (added ?? 0) > VISIBLE_SHARE),
    evidence: compared.map(({ one, added }) => startEvidence(one, added)),
  };
};

/** By how much the mean from the schedule is above that from the send. */
function addedShare({ fromSchedule, fromSend }: ImportedLoad): number | null {
  if (fromSchedule.mean === null || fromSend.mean === null || fromSend.mean === 0) return null;
  return fromSchedule.mean / fromSend.mean - 1;
}

function startEvidence(one: ImportedLoad, added: number | null): string {
  const { fromSchedule, fromSend, load, tool } = one;
  if (added === null) return `${loadName(one)}: its files have no moment at which a request was due.`;
  const means = `mean ${digits(fromSchedule.mean ?? 0)} ms from the schedule, ${digits(fromSend.mean ?? 0)} ms from the send (${digits(100 * Math.abs(added))} % ${added < 0 ? 'less' : 'more'})`;
  const how =
    tool === 'servelab'
      ? ''
      : load.mode === 'closed'
        ? '; the first follows from users over throughput'
        : '; the first is rebuilt from its samples and its rate';
  return `${loadName(one)}: ${means}${how}.`;
}

/** First requests meet a cold server and a load that is still being built up. */
export const coldStart: Cause = (loads) => {
  const ways = new Set(loads.map(({ warmupIncluded }) => warmupIncluded));
  return {
    cause: 'The start is counted by one and not by the other',
    applies: ways.has(true) && ways.has(false) ? true : ways.has(null) ? null : false,
    evidence: loads.map((one) => {
      if (one.warmupIncluded === null) return `${loadName(one)}: its files do not say.`;
      return `${loadName(one)}: ${one.warmupIncluded ? 'counted from the first request' : 'a warm-up was left out'}.`;
    }),
  };
};

/** Opening a connection is in Locust's times, beside k6's, and before servelab's load. */
export const connectionSetup: Cause = (loads) => {
  const ways = new Set(loads.map(({ connections }) => connections.charged));
  if (ways.size < 2) return null;
  const shares = loads.map(shareOfLatency).filter((share) => share !== null);
  return {
    cause: 'Setting up connections is counted by one and not by the other',
    applies: shares.length === 0 ? null : shares.some((share) => share > VISIBLE_SHARE),
    evidence: loads.map(connectionEvidence),
  };
};

function shareOfLatency({ connections, fromSend }: ImportedLoad): number | null {
  if (connections.meanMs === null || fromSend.mean === null || fromSend.mean === 0) return null;
  return connections.meanMs / fromSend.mean;
}

function connectionEvidence(one: ImportedLoad): string {
  const { charged, meanMs, maxMs } = one.connections;
  const longest = maxMs === null ? '' : `, at most ${digits(maxMs)} ms`;
  const said = meanMs === null ? '' : ` ${digits(meanMs)} ms a request on average${longest}.`;
  if (charged === 'in the latency') {
    return `${loadName(one)}: a request that has to open a connection is charged for it; how long that takes its files do not say.`;
  }
  if (charged === 'apart') return `${loadName(one)}: left out of its durations (http_req_blocked).${said}`;
  return `${loadName(one)}: connections were open before the load; opening others counts in the latency.${said}`;
}

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

const NAMES = ['p50', 'p95', 'p99'] as const;

/** Locust keeps times in buckets of two digits (`bucket_response_time`), so its percentiles move in steps. */
export const roundedPercentiles: Cause = (loads) => {
  const rounded = loads.filter(({ tool }) => tool === 'locust');
  if (rounded.length === 0) return null;
  const others = loads.filter(({ tool }) => tool !== 'locust');
  const hidden = rounded.flatMap((one) => others.flatMap((other) => withinBucket(one, other)));
  return {
    cause: 'Locust rounds percentiles to two digits',
    applies: others.length === 0 ? null : hidden.length > 0,
    evidence: [
      ...rounded.map((one) => `${loadName(one)}: ${NAMES.map((name) => bucketWords(name, one)).join(', ')}.`),
      ...hidden,
    ],
  };
};

/** Half a bucket of Locust's, ms: 0.5 below 100 ms, 5 below a second, and so on. */
export function halfBucketMs(ms: number): number {
  if (ms < 100) return 0.5;
  if (ms < 1000) return 5;
  return ms < 10_000 ? 50 : 500;
}

function bucketWords(name: (typeof NAMES)[number], { fromSend }: ImportedLoad): string {
  const ms = fromSend[name];
  if (ms === null) return `${name} not there`;
  const half = halfBucketMs(ms);
  return `${name} ${digits(ms)} ms stands for ${digits(ms - half)} to ${digits(ms + half)} ms (+-${digits((100 * half) / Math.max(ms, half))} %)`;
}

/** Percentiles that differ by no more than the bucket: rounding alone explains them. */
function withinBucket(one: ImportedLoad, other: ImportedLoad): string[] {
  return NAMES.flatMap((name) => {
    const [a, b] = [one.fromSend[name], other.fromSend[name]];
    if (a === null || b === null || a === b || Math.abs(a - b) > halfBucketMs(a)) return [];
    return [`${name} of ${loadName(other)}, ${digits(b)} ms, is in that step: the two do not differ there.`];
  });
}
