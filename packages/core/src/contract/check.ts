import { z } from 'zod';
import { loadSchema } from './load.js';

/**
 * Checks of a run, of a stack in it, and of a point. An id is stable: programs may look for it. What an id means in
 * words, and what to do where the check fails, is written in `packages/lab/src/text/checks.ts`.
 */
const CHECK_IDS = [
  'run-completed',
  'client-calibration',
  'stack-running',
  'golden-images',
  'cache-probe',
  'requests-accounted-for',
  'client-on-time',
  'client-rate',
  'littles-law',
  'client-utilization',
  'machine-speed',
  'stolen-time',
  'enough-requests-p50',
  'enough-requests-p95',
  'wrong-answers',
  'client-ceiling',
  'client-floor',
  'warm-up',
  'latency-drift',
  'unknown',
] as const;
export const checkIdSchema = z
  .enum(CHECK_IDS)
  .describe('`unknown`: of a report of version 1, whose sentence has no id; it is in params.rule');
export type CheckId = z.infer<typeof checkIdSchema>;

/** Signs that a stack does not keep up with an open rate: a finding about the stack, not a fault of the measurement. */
const SATURATION_IDS = ['unanswered-requests', 'completions-behind', 'growing-backlog'] as const;

/** What limits a verdict without being a check. */
const CAUTION_IDS = [
  'unpinned',
  'uncontrolled-stack',
  'unchecked-stack',
  'slo-missed',
  'no-request-records',
  'failures-unknown',
  'imported-invalid',
] as const;

export const reasonIdSchema = z.enum([...CHECK_IDS, ...SATURATION_IDS, ...CAUTION_IDS]);
/** Why a run or a point has its verdict: a failed check, a sign of saturation, or a caution. */
export type ReasonId = z.infer<typeof reasonIdSchema>;

const comparatorSchema = z
  .enum(['max', 'below', 'min', 'within', 'equal', 'unknown'])
  .describe(
    'value <= limit, value < limit, value >= limit, |value - target| <= limit, value = limit; unknown only in an unknown check. Where the value is null, the id decides',
  );
export type Comparator = z.infer<typeof comparatorSchema>;

const checkUnitSchema = z
  .enum(['ms', 'percent', 'ratio', 'count', 'rps', 'bool', 'unknown'])
  .describe('rps: requests a second; bool: 1 is true and 0 is false');
export type CheckUnit = z.infer<typeof checkUnitSchema>;

const scopeSchema = z
  .discriminatedUnion('scope', [
    z.object({ scope: z.literal('run') }),
    z.object({ scope: z.literal('stack'), stack: z.string(), workload: z.string() }),
    z.object({ scope: z.literal('point'), stack: z.string(), workload: z.string(), load: loadSchema }),
    z
      .object({ scope: z.literal('other'), text: z.string() })
      .describe('only in upgraded reports of version 1'),
  ])
  .describe('what was checked: the whole run, a stack on a workload, or a stack at one load of it');
export type CheckScope = z.infer<typeof scopeSchema>;

export const checkSchema = z.object({
  id: checkIdSchema,
  comparator: comparatorSchema,
  value: z.number().nullable().describe('null where it could not be measured'),
  limit: z.number().nullable().describe('null only in an unknown check'),
  target: z.number().optional().describe('of `within` only'),
  unit: checkUnitSchema,
  params: z
    .record(z.string(), z.union([z.number(), z.string()]))
    .optional()
    .describe('further figures and names, by the id'),
  ok: z.boolean(),
  where: scopeSchema,
});
export type Check = z.infer<typeof checkSchema>;
