import type { Check, CheckId, CheckScope } from '@servelab/core';
import { digits } from './figure-words.js';
import { loadLabel } from './load-label.js';

/** A check without its place: a point's checks have all the same. */
type AnyCheck = Omit<Check, 'where'>;

interface CheckText {
  /** What holds where the check is passed, and in brackets what its value is. */
  readonly title: string;
  /** What to do where it fails. */
  readonly fix: string | ((check: AnyCheck) => string);
  /** The value where a bare number would not say enough. */
  readonly value?: (check: AnyCheck) => string;
  readonly limit?: (check: AnyCheck) => string;
}

const param = ({ params }: AnyCheck, name: string): string | number => params?.[name] ?? '?';

/** Checks of a load that another tool has sent name the tool. */
const isImported = ({ params }: AnyCheck): boolean => params?.tool !== undefined;

/** Every word about checks that the lab writes. */
export const CHECK_TEXT: Readonly<Record<CheckId, CheckText>> = {
  'run-completed': {
    title: 'the run was finished as planned',
    fix: 'Run it again with the command in this report.',
    value: (check) => String(param(check, 'state')),
    limit: () => 'finished',
  },
  'client-calibration': {
    title: 'the client sends on time to a server that does nothing (lag p99, ms)',
    fix: 'Stop other work on this machine, or give the client a core of its own.',
  },
  'stack-running': {
    title: 'the stack starts and stays up',
    fix: 'See the end of its log in run.json.',
    value: (check) => (check.ok ? 'up' : String(param(check, 'failure'))),
    limit: () => 'up',
  },
  'golden-images': {
    title: 'golden images are answered right before timing',
    fix: "Compare the stack's preprocessing and labels with the reference: `servelab model verify`.",
    value: (check) => `${check.value} of ${param(check, 'checked')}`,
    limit: (check) => `${check.limit} of ${param(check, 'checked')}`,
  },
  'cache-probe': {
    title: 'an image seen before is not answered faster',
    fix: 'The stack answers from a cache: switch it off, or its figures are those of the cache.',
    value: changeText,
    limit: ({ limit }) => `${limit} %`,
  },
  'requests-accounted-for': {
    title: 'every scheduled request is accounted for',
    fix: 'The records are damaged: run the point again.',
  },
  'client-on-time': {
    title: 'the client sends on time (lag p99, ms)',
    fix: 'Give the client a core of its own, or lower the rate.',
  },
  'client-rate': {
    title: 'the client reaches the scheduled rate (share)',
    fix: 'Lower the rate, or give the client a faster core.',
  },
  'littles-law': {
    title: "Little's law: throughput x latency over concurrency",
    fix: (check) =>
      isImported(check)
        ? 'The users were not waiting all the time: they paused, or the client was busy with something else.'
        : 'The client did not keep its slots busy: give it a core of its own.',
    limit: ({ target, limit }) => `${target} +- ${limit}`,
  },
  'client-utilization': {
    title: 'the client has time to spare (utilization)',
    fix: (check) =>
      isImported(check)
        ? 'Lower the load, or give the client more processes and cores.'
        : 'Lower the load, or give the client a faster core.',
  },
  'machine-speed': {
    title: 'the machine keeps its speed (drift of a fixed loop)',
    fix: 'Stop other work on this machine and run again.',
  },
  'stolen-time': {
    title: 'the hypervisor steals no time (share)',
    fix: 'Use a machine whose cores are not shared, or run again at a quieter hour.',
  },
  'enough-requests-p50': { title: 'enough requests for p50', fix: measureLonger },
  'enough-requests-p95': { title: 'enough requests for p95', fix: measureLonger },
  'wrong-answers': {
    title: 'answers are right while timed (share wrong)',
    fix: "Compare the stack's preprocessing with the reference: `servelab model verify`.",
  },
  'client-ceiling': {
    title: 'throughput is far from the ceiling of the client (req/s)',
    fix: 'The stack is too fast for this client: use fewer users, a lower rate, or a faster core for the client.',
  },
  'client-floor': {
    title: 'latency is far from the floor of the client (p50, ms, at least)',
    fix: 'The stack answers as fast as this client can ask: larger images (--mix 720p) show more of it.',
  },
  'warm-up': {
    title: 'the warm-up ends in a steady state (repeats in which it did not)',
    fix: 'Answers were few or still became faster: warm up for longer with --warmup.',
  },
  'latency-drift': {
    title: 'latency is steady, not drifting (change from first to last third beyond chance, %)',
    fix: (check) =>
      param(check, 'direction') === 'faster'
        ? 'The stack was still getting faster: warm it up for longer with --warmup.'
        : 'The stack gets slower while it runs: look for what grows in it, or lower the load.',
  },
  unknown: {
    title: 'a check of an older version',
    fix: (check) => String(param(check, 'fix')),
    value: (check) => String(param(check, 'value')),
    limit: (check) => String(param(check, 'limit')),
  },
};

/** What to do where the files of a tool do not have the value. */
const UNMEASURED_FIX = 'Measure with "servelab load", which keeps a record of every request.';

export const checkTitle = (check: AnyCheck): string =>
  check.id === 'unknown' ? String(param(check, 'rule')) : CHECK_TEXT[check.id].title;

export function checkFix(check: AnyCheck): string {
  if (check.value === null && isImported(check)) return UNMEASURED_FIX;
  const { fix } = CHECK_TEXT[check.id];
  return typeof fix === 'string' ? fix : fix(check);
}

/** `0.782`, `57 of 58`; `not measured` where there is no value. */
export function checkValueText(check: AnyCheck): string {
  const { value } = CHECK_TEXT[check.id];
  if (check.value === null && check.id !== 'unknown') return 'not measured';
  return value === undefined ? digits(check.value ?? 0) : value(check);
}

/** `0.98`, `1 +- 0.05`. */
export function checkLimitText(check: AnyCheck): string {
  const { limit } = CHECK_TEXT[check.id];
  return limit === undefined ? digits(check.limit ?? 0) : limit(check);
}

/** `the client reaches the scheduled rate (share): 0.782, limit 0.98`. */
export const failedCheckText = (check: AnyCheck): string =>
  `${checkTitle(check)}: ${checkValueText(check)}, limit ${checkLimitText(check)}`;

/** `run`; `servelab:none, photographs`; `servelab:none, photographs, 8 at a time`. */
export function scopeText(where: CheckScope): string {
  switch (where.scope) {
    case 'run':
      return 'run';
    case 'stack':
      return `${where.stack}, ${where.workload}`;
    case 'point':
      return `${where.stack}, ${where.workload}, ${loadLabel(where.load)}`;
    case 'other':
      return where.text;
  }
}

/** `-95.0 % [-95.4, -94.6]`. */
function changeText(check: AnyCheck): string {
  const [change, low, high] = ['change_pct', 'ci95_low_pct', 'ci95_high_pct'].map((name) =>
    Number(param(check, name)).toFixed(1),
  );
  return `${change} % [${low}, ${high}]`;
}

function measureLonger(check: AnyCheck): string {
  return isImported(check) ? 'Measure longer.' : 'Measure longer, or with more repeats.';
}
