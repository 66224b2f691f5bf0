// What docs/results.md says of causes, and of the seeds' own figures.
import { figure, stat, table } from './tables.mjs';

/** Their Locust run: 100 users on Kind, one CPU a service. */
const SEEDS = [
  { name: 'bentoml', rps: 48.28, p95Ms: 1700 },
  { name: 'rayserve', rps: 35.87, p95Ms: 2400 },
  { name: 'fastapi', rps: 23.3, p95Ms: 3100 },
];

/** Of photographs at the closed level only: there all stacks meet the same load. */
const atClosedLevel = ({ workload, load }) => workload === 'photographs' && load.mode === 'closed';

/** Speed-ups of the report's steps, by the two stacks that each is between. */
export function speedups(attribution) {
  const steps = attribution.filter(atClosedLevel);
  return (from, to) => steps.find((step) => step.from === from && step.to === to)?.speedup;
}

/** How many times as much each framework does tuned as in the seeds' form: the least and the most. */
export function gainsOfTuning(goodput) {
  const gains = ['bentoml', 'fastapi', 'rayserve', 'litserve'].map(
    (name) => goodput(`${name}/tuned`).value / goodput(`${name}/seeds`).value,
  );
  return [figure(Math.min(...gains)), figure(Math.max(...gains))];
}

export function attributionSection({ attribution, comparisons }) {
  const steps = attribution.filter(atClosedLevel);
  if (steps.length === 0) return [];
  const rows = steps.map(({ factor, from, to, speedup }) => [
    factor,
    `\`${from}\``,
    `\`${to}\``,
    stat(speedup),
  ]);
  return [
    '## What the differences are made of',
    'One factor changed at a time, each step between two stacks of this run, paired by repeat; above 1 is faster ([how](method.md#what-a-difference-is-made-of)).',
    table(['factor', 'from', 'to', 'speed-up'], rows, 3),
    ...lead(attribution, comparisons, 'seeds', 'In the seeds’ form'),
    ...lead(attribution, comparisons, 'tuned', 'Tuned'),
  ];
}

/** BentoML over FastAPI: what of it is the framework, and what its batching. */
function lead(attribution, comparisons, form, where) {
  const [without, batching] = [`bentoml/${form}:none`, `bentoml/${form}`];
  const find = speedups(attribution);
  const [framework, policy] = [find(`fastapi/${form}`, without), find(without, batching)];
  const whole = timesAsMuch(comparisons, batching, `fastapi/${form}`);
  if (framework === undefined || policy === undefined || whole === undefined) return [];
  return [
    `${where}, BentoML does ${stat(whole)} times what FastAPI does: without its batching ${stat(framework)} times, and with it ${stat(policy)} times that. ${ofBatching(framework, policy)}`,
  ];
}

/** Goodput of one over that of the other at the closed level, paired by repeat; undefined where not compared so. */
function timesAsMuch(comparisons, one, other) {
  const closed = comparisons.filter(atClosedLevel);
  const forth = closed.find(({ a, b }) => a === one && b === other)?.difference_pct;
  const back = closed.find(({ a, b }) => a === other && b === one)?.difference_pct;
  const times = (pct) => 1 + pct / 100;
  if (forth) return { value: times(forth.value), ci95: forth.ci95?.map(times) ?? null };
  if (!back) return undefined;
  return {
    value: 1 / times(back.value),
    ci95: back.ci95 === null ? null : [1 / times(back.ci95[1]), 1 / times(back.ci95[0])],
  };
}

export const holdsOne = ({ ci95 }) => ci95 !== null && ci95[0] <= 1 && ci95[1] >= 1;

function ofBatching(framework, policy) {
  if (policy.value > 1 && holdsOne(framework))
    return 'The lead is batching; the framework’s own part cannot be told from nothing.';
  if (policy.value > 1) return 'Both have a part in it.';
  return holdsOne(policy) ? 'Batching changes nothing that could be seen.' : 'Batching costs it something.';
}

export function besideTheSeeds(points, comparisons) {
  const goodput = (name) => points.find(([stack]) => stack === name)?.[1].goodput_rps;
  const rows = SEEDS.map(({ name, rps, p95Ms }) => [
    name,
    rps,
    p95Ms,
    ...['seeds', 'tuned'].map((form) => stat(goodput(`${name}/${form}`) ?? { value: null })),
  ]);
  const ratio = (form) => figure(timesAsMuch(comparisons, `bentoml/${form}`, `fastapi/${form}`).value);
  const [least, most] = gainsOfTuning(goodput);
  return [
    '## Beside the seeds’ table',
    'The seeds report, for 100 Locust users on Kind with one CPU a service:',
    table(
      ['framework', 'seeds: req/s', 'seeds: p95, ms', 'here, `seeds` form: req/s', 'here, `tuned`: req/s'],
      rows,
    ),
    `The order of the seeds appears here too, in their form: BentoML does ${ratio('seeds')} times what FastAPI does. It is the order of how much of the cost of a Keras call batching spreads: a call takes about 100 ms for one image and 180 for eight, and FastAPI makes one for each image. On ONNX Runtime, where eight images cost eight times one, that lead is gone: BentoML does ${ratio('tuned')} times what FastAPI does, and every framework does ${least} to ${most} times what it did with Keras.`,
    'The rates themselves are not comparable: other machines, a Service and an Ingress in between, 100 users instead of eight.',
  ];
}

export const LIMITS = [
  'They are of one machine, one model and one size of image. Decoding larger images changes the order of the lean ones.',
  'Two seconds a point, five times: differences below some five percent are not resolved, and p99 mostly has too few requests.',
  'Eight clients and one core. Nothing here is about many cores, replicas or a network.',
  'In an open loop at a rate that all can serve, goodput is that rate for all: look at the latencies there.',
  'LitServe polls when it is idle, as its default is: its CPU per answer at low rates is that, not the model.',
];
