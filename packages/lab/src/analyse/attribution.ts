import {
  type Load,
  type Point,
  pairedDifference,
  type Report,
  type StackResult,
  type Stat,
} from '@servelab/core';
import { byBlock, type LoadGroup, sustains } from './compare-stacks.js';
import { type HeadlineMetric, headlineMetric } from './headline-metric.js';

type Step = Report['attribution'][number];
type Factor = Step['factor'];

/** From one stack to another in steps that change one factor each. */
export interface AttributionChain {
  readonly workload: string;
  readonly load: Load;
  readonly from: string;
  readonly to: string;
  /** The figures of the stacks on the way, the first one's first. */
  readonly figures: readonly { readonly stack: string; readonly stat: Stat }[];
  readonly steps: readonly (Step & { readonly change: string })[];
}

/** Questions that the seeds' table raises, asked wherever both stacks were measured. */
const SEEDS_QUESTIONS: readonly (readonly [from: string, to: string])[] = [
  ['fastapi/seeds', 'bentoml/seeds'],
  ['fastapi/tuned', 'bentoml/tuned'],
];

/**
 * What the difference between two stacks is made of: between the slowest and the fastest at a load, and for the
 * seeds' questions. Every step leads to a stack of the same run that differs in one factor only, so its speed-up is
 * measured, paired by repeat; they multiply to the whole. The way with fewest steps is taken; where there is none, the
 * stacks measured do not tell.
 */
export function attributionChains(group: LoadGroup, stacks: readonly StackResult[]): AttributionChain[] {
  const metric = headlineMetric(group.load);
  const nodes = nodesOf(group, stacks, metric);
  const [slowest, fastest] = [nodes[0], nodes.at(-1)];
  const pairs = [
    ...(slowest === undefined || fastest === undefined ? [] : [[slowest.stack, fastest.stack] as const]),
    ...SEEDS_QUESTIONS,
  ];
  const asked = new Set<string>();
  return pairs.flatMap(([from, to]) => {
    const way = shortestWay(nodes, from, to);
    if (way.length < 2 || asked.has(`${from}|${to}`)) return [];
    asked.add(`${from}|${to}`);
    const steps = way.slice(1).map((node, n) => stepTo(node, way[n] as Node, group, metric));
    const figures = way.map(({ stack, point }) => ({ stack, stat: metric.stat(point) }));
    return [{ workload: group.workload, load: group.load, from, to, figures, steps }];
  });
}

/** Every step once, for `report.json`. */
export function attributionSteps(chains: readonly AttributionChain[]): Step[] {
  const steps = new Map<string, Step>();
  for (const { steps: ofChain } of chains) {
    for (const { change: _, ...step } of ofChain) {
      const key = JSON.stringify([step.workload, step.load, step.from, step.to]);
      if (!steps.has(key)) steps.set(key, step);
    }
  }
  return [...steps.values()];
}

interface Node {
  readonly stack: string;
  readonly point: Point;
  readonly factors: Readonly<Record<Factor, string>>;
  readonly words: Readonly<Record<Factor, string>>;
}

/** Slowest first; only what has a figure that may be compared and multiplied, and whose factors are known. */
function nodesOf(
  { workload, entries }: LoadGroup,
  stacks: readonly StackResult[],
  metric: HeadlineMetric,
): Node[] {
  const known = entries.flatMap(({ stack, point }): Node[] => {
    const result = stacks.find(({ name, workload: ofStack }) => name === stack && ofStack === workload);
    const { value, censored } = metric.stat(point);
    const isUsable =
      point.verdict.status === 'VALID' && sustains(point) && value !== null && value > 0 && !censored;
    return result === undefined || result.kind === 'other' || !isUsable ? [] : [nodeOf(result, point)];
  });
  const sign = metric.lowerIsBetter ? -1 : 1;
  return known.sort((x, y) => sign * ((metric.stat(x.point).value ?? 0) - (metric.stat(y.point).value ?? 0)));
}

function nodeOf({ name, framework, runtime, policy, batching, precision }: StackResult, point: Point): Node {
  const words = { framework, runtime, policy, precision };
  // Frameworks that batch as a servelab policy does have that policy, whatever they call it.
  const alike = batching.kind === 'unknown' ? policy : batching.kind;
  return { stack: name, point, words, factors: { ...words, policy: alike } };
}

const differingFactors = (one: Node, other: Node): Factor[] =>
  (Object.keys(one.factors) as Factor[]).filter((factor) => one.factors[factor] !== other.factors[factor]);

/** The factor in which two stacks differ; null where there are none or several. */
function onlyFactor(one: Node, other: Node): Factor | null {
  const [factor, ...more] = differingFactors(one, other);
  return more.length > 0 ? null : (factor ?? null);
}

/**
 * Breadth first, among ways of one length that over the slower stacks, which come first. Only factors in which the two
 * ends differ are changed: a way over another runtime and back would explain nothing.
 */
function shortestWay(nodes: readonly Node[], from: string, to: string): Node[] {
  const [start, end] = [from, to].map((stack) => nodes.find((node) => node.stack === stack));
  if (start === undefined || end === undefined) return [];
  const changing = differingFactors(start, end);
  const cameFrom = new Map<Node, Node | null>([[start, null]]);
  for (const node of cameFrom.keys()) {
    if (node === end) {
      const way: Node[] = [];
      for (let at: Node | null = node; at !== null; at = cameFrom.get(at) ?? null) way.unshift(at);
      return way;
    }
    for (const next of nodes) {
      const factor = onlyFactor(node, next);
      if (factor !== null && changing.includes(factor) && !cameFrom.has(next)) cameFrom.set(next, node);
    }
  }
  return [];
}

function stepTo(
  node: Node,
  before: Node,
  { workload, load }: LoadGroup,
  metric: HeadlineMetric,
): AttributionChain['steps'][number] {
  const factor = onlyFactor(before, node);
  if (factor === null) throw new Error(`${before.stack} and ${node.stack} differ in more than one factor`);
  const pairs = metric.lowerIsBetter
    ? byBlock(metric, before.point, node.point)
    : byBlock(metric, node.point, before.point);
  return {
    workload,
    load,
    metric: metric.name,
    from: before.stack,
    to: node.stack,
    factor,
    speedup: asRatio(pairedDifference(pairs).differencePct),
    change: `${before.words[factor]} → ${node.words[factor]}`,
  };
}

function asRatio({ value, ci95, ...rest }: Stat): Stat {
  const ratio = (pct: number) => 1 + pct / 100;
  return {
    value: value === null ? null : ratio(value),
    ci95: ci95 === null ? null : [ratio(ci95[0]), ratio(ci95[1])],
    ...rest,
  };
}
