import { isDeepStrictEqual } from 'node:util';
import type { Report } from '@servelab/core';

/** What figures depend on beside the code that is compared; by its path in `environment` of the report. */
const PARTS: Readonly<Record<string, string>> = {
  CPU: 'cpu_model',
  'CPU flags': 'cpu_flags',
  CPUs: 'cpu_count',
  'CPU quota': 'cpu_quota',
  'memory, GiB': 'memory_gib',
  kernel: 'kernel',
  Node: 'node',
  Python: 'python',
  "server's cores": 'server_cores',
  "client's cores": 'client_cores',
  model: 'model.sha256',
  images: 'corpus.sha256',
};

export interface UnlikePart {
  readonly part: string;
  readonly before: string;
  readonly after: string;
}

/** Where two runs were not made under the same conditions; empty where they were. */
export function unlikeParts(before: Report, after: Report): UnlikePart[] {
  const parts = Object.entries(PARTS).map(([part, path]) => ({
    part,
    before: at(before.environment, path),
    after: at(after.environment, path),
  }));
  // Goodput counts what is within the SLO.
  parts.push({ part: 'SLO', before: before.slo ?? null, after: after.slo ?? null });
  return parts
    .filter((one) => !isDeepStrictEqual(one.before, one.after))
    .map(({ part, before, after }) => ({ part, before: words(before), after: words(after) }));
}

function at(environment: Report['environment'], path: string): unknown {
  let value: unknown = environment;
  for (const key of path.split('.')) value = (value as Record<string, unknown> | null | undefined)?.[key];
  return value ?? null;
}

function words(value: unknown): string {
  if (value === null) return 'none';
  return Array.isArray(value) ? value.join(' ') || 'none' : String(value);
}
