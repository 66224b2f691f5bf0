import type { Check, CheckId, CheckScope, Report, StackResult } from '@servelab/core';
import { reportSchema } from '@servelab/core/report-schema';
import { z } from 'zod';
import { CHECK_SPECS } from '../analyse/checks/check.js';
import { oldBatching, oldFramework } from '../record/complete-manifest.js';
import { scopeText } from '../text/checks.js';

const gateSchema = z.object({
  rule: z.string(),
  value: z.union([z.number(), z.string(), z.null()]),
  limit: z.union([z.number(), z.string(), z.null()]),
  ok: z.boolean(),
  where: z.string(),
  fix: z.string().optional(),
});
type Gate = z.infer<typeof gateSchema>;

/** `report.json` of version 1: a check was a sentence, and its value could be a text. */
export const reportV1Schema = reportSchema.omit({ checks: true }).extend({
  schema_version: z.literal(1),
  gates: z.array(gateSchema),
  stacks: z.array(reportSchema.shape.stacks.element.omit({ framework: true, batching: true })),
});
type ReportV1 = z.infer<typeof reportV1Schema>;

/** Sentences of version 1. */
const RULES: Readonly<Record<string, CheckId>> = {
  'the run was finished as planned': 'run-completed',
  'the client sends on time to a server that does nothing (lag p99, ms)': 'client-calibration',
  'the stack starts and stays up': 'stack-running',
  'golden images are answered right before timing': 'golden-images',
  'an image seen before is not answered faster': 'cache-probe',
  'every scheduled request is accounted for': 'requests-accounted-for',
  'the client sends on time (lag p99, ms)': 'client-on-time',
  'the client reaches the scheduled rate (share)': 'client-rate',
  "Little's law: throughput x latency over concurrency": 'littles-law',
  'the client has time to spare (utilisation)': 'client-utilization',
  'the machine keeps its speed (drift of a fixed loop)': 'machine-speed',
  'the hypervisor steals no time (share)': 'stolen-time',
  'enough requests for p50': 'enough-requests-p50',
  'enough requests for p95': 'enough-requests-p95',
  'answers are right while timed (share wrong)': 'wrong-answers',
  'throughput is far from the ceiling of the client (req/s)': 'client-ceiling',
  'latency is far from the floor of the client (p50, ms, at least)': 'client-floor',
  'the warm-up ends in a steady state (repeats in which it did not)': 'warm-up',
  'latency is steady, not drifting (change from first to last third beyond chance, %)': 'latency-drift',
};

/** Reasons of verdicts keep their text and get no ids; what made batches fire had no ids either and is left out. */
export function upgradeReport({ gates, stacks: oldStacks, ...report }: ReportV1): Report {
  const stacks = oldStacks.map((stack) => ({
    ...stack,
    framework: oldFramework(stack.name),
    batching: oldBatching(stack.policy),
  }));
  const scopes = new Map(scopesOf(stacks).map((scope) => [scopeText(scope), scope]));
  const checks = gates.map((gate) => upgradeGate(gate, scopes));
  return { ...report, schema_version: 2, checks, stacks };
}

function scopesOf(stacks: readonly StackResult[]): CheckScope[] {
  const ofStacks = stacks.flatMap(({ name: stack, workload, points }): CheckScope[] => [
    { scope: 'stack', stack, workload },
    ...points.map(({ load }) => ({ scope: 'point', stack, workload, load }) as const),
  ]);
  return [{ scope: 'run' }, ...ofStacks];
}

function upgradeGate(gate: Gate, scopes: ReadonlyMap<string, CheckScope>): Check {
  const id = Object.hasOwn(RULES, gate.rule) ? (RULES[gate.rule] ?? 'unknown') : 'unknown';
  return {
    id,
    ...CHECK_SPECS[id],
    ...figuresOf(id, gate),
    ok: gate.ok,
    where: scopes.get(gate.where) ?? { scope: 'other', text: gate.where },
  };
}

/** Values that were texts are taken apart; what cannot be is null. */
function figuresOf(id: CheckId, gate: Gate): Pick<Check, 'value' | 'limit' | 'params'> {
  const { value, limit, ok, fix = '' } = gate;
  switch (id) {
    case 'unknown':
      return {
        value: typeof value === 'number' ? value : null,
        limit: typeof limit === 'number' ? limit : null,
        params: { rule: gate.rule, value: String(value), limit: String(limit), fix },
      };
    case 'run-completed':
      return { value: Number(ok), limit: 1, params: { state: String(value) } };
    case 'stack-running':
      return { value: Number(ok), limit: 1, ...(!ok && { params: { failure: String(value) } }) };
    case 'golden-images': {
      const [agreed, checked] = numbersIn(value);
      return { value: agreed, limit: numbersIn(limit)[0], ...(checked !== null && { params: { checked } }) };
    }
    case 'cache-probe': {
      const [change, low, high] = numbersIn(value);
      if (change === null || low === null || high === null)
        return { value: null, limit: numbersIn(limit)[0] };
      const params = { change_pct: change, ci95_low_pct: low, ci95_high_pct: high };
      return { value: high, limit: numbersIn(limit)[0], params };
    }
    case 'littles-law':
      return { value: numbersIn(value)[0], limit: numbersIn(limit)[1] };
    case 'latency-drift': {
      const direction = fix.includes('getting faster') ? 'faster' : 'slower';
      return { value: numbersIn(value)[0], limit: numbersIn(limit)[0], params: { direction } };
    }
    default:
      return { value: numbersIn(value)[0], limit: numbersIn(limit)[0] };
  }
}

/** The first three numbers: three of `-95.0 % [-95.4, -94.6]`, two of `57 of 58` and `1 +- 0.05`; null for missing ones. */
function numbersIn(
  value: Gate['value'],
): readonly [first: number | null, second: number | null, third: number | null] {
  if (typeof value === 'number') return [value, null, null];
  const [first, second, third] = [...(value ?? '').matchAll(/-?\d+(?:\.\d+)?/g)].map(([text]) =>
    Number(text),
  );
  return [first ?? null, second ?? null, third ?? null];
}
