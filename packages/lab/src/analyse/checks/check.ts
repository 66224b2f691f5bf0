import type { Check, CheckId, CheckUnit, Comparator } from '@servelab/core';

interface CheckSpec {
  readonly comparator: Comparator;
  readonly unit: CheckUnit;
  /** Of `within` only. */
  readonly target?: number;
}

/** How each check is judged; the limits are beside the code that computes the values. */
export const CHECK_SPECS: Readonly<Record<CheckId, CheckSpec>> = {
  'run-completed': { comparator: 'equal', unit: 'bool' },
  'client-calibration': { comparator: 'max', unit: 'ms' },
  'stack-running': { comparator: 'equal', unit: 'bool' },
  'golden-images': { comparator: 'min', unit: 'count' },
  'cache-probe': { comparator: 'min', unit: 'percent' },
  'requests-accounted-for': { comparator: 'max', unit: 'count' },
  'client-on-time': { comparator: 'max', unit: 'ms' },
  'client-rate': { comparator: 'min', unit: 'ratio' },
  'littles-law': { comparator: 'within', unit: 'ratio', target: 1 },
  'client-utilization': { comparator: 'below', unit: 'ratio' },
  'machine-speed': { comparator: 'max', unit: 'ratio' },
  'stolen-time': { comparator: 'max', unit: 'ratio' },
  'enough-requests-p50': { comparator: 'min', unit: 'count' },
  'enough-requests-p95': { comparator: 'min', unit: 'count' },
  'wrong-answers': { comparator: 'max', unit: 'ratio' },
  'client-ceiling': { comparator: 'max', unit: 'rps' },
  'client-floor': { comparator: 'min', unit: 'ms' },
  'warm-up': { comparator: 'max', unit: 'count' },
  'latency-drift': { comparator: 'max', unit: 'percent' },
  unknown: { comparator: 'unknown', unit: 'unknown' },
};

/** A check of a point or a stack, which does not say yet of which one. */
export type LocalCheck = Omit<Check, 'where'>;

interface CheckDetails {
  readonly params?: Readonly<Record<string, number | string>>;
  /** Whether the check is passed where its value could not be measured. */
  readonly passUnmeasured?: boolean;
}

/** @param value in the unit of the check; a bool is 1 or 0; null where it could not be measured */
export function judge(
  id: CheckId,
  value: number | null,
  limit: number,
  { params, passUnmeasured = false }: CheckDetails = {},
): LocalCheck {
  const spec = CHECK_SPECS[id];
  const { comparator, unit, target } = spec;
  return {
    id,
    comparator,
    value,
    limit,
    ...(target !== undefined && { target }),
    unit,
    ...(params !== undefined && { params }),
    ok: value === null ? passUnmeasured : meets(spec, value, limit),
  };
}

function meets({ comparator, target = 0 }: CheckSpec, value: number, limit: number): boolean {
  switch (comparator) {
    case 'max':
      return value <= limit;
    case 'below':
      return value < limit;
    case 'min':
      return value >= limit;
    case 'within':
      return Math.abs(value - target) <= limit;
    case 'equal':
      return value === limit;
    case 'unknown':
      return false;
  }
}

/** How far a value is on the good side of its limit, as a share of the limit; Infinity where there is no value. */
export function marginOf({ comparator, value, limit, target = 0 }: Check): number {
  if (value === null || limit === null) return Number.POSITIVE_INFINITY;
  const unit = Math.abs(limit) || 1;
  switch (comparator) {
    case 'max':
    case 'below':
      return (limit - value) / unit;
    case 'min':
      return (value - limit) / unit;
    case 'within':
      return (limit - Math.abs(value - target)) / unit;
    case 'equal':
      return -Math.abs(value - limit) / unit;
    case 'unknown':
      return Number.POSITIVE_INFINITY;
  }
}

/** Checks with one id stand together; in the order in which the ids first appear. */
export function groupById(checks: readonly Check[]): [Check, ...Check[]][] {
  const groups = new Map<CheckId, [Check, ...Check[]]>();
  for (const check of checks) {
    const group = groups.get(check.id);
    if (group === undefined) groups.set(check.id, [check]);
    else group.push(check);
  }
  return [...groups.values()];
}
