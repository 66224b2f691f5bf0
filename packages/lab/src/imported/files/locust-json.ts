import { z } from 'zod';
import type { Times } from '../imported-load.js';
import { histogramTimes } from './times.js';

/** What `--json` prints, or `--json-file` writes: one entry a name, all of them together here. */
export interface LocustJson {
  readonly kind: 'locust-json';
  readonly requests: number;
  readonly failures: number;
  /** From the first request, or the reset, to the last answer. */
  readonly measuredS: number;
  readonly times: Times;
}

const entrySchema = z.object({
  name: z.string(),
  method: z.string(),
  start_time: z.number(),
  last_request_timestamp: z.number().nullable(),
  num_requests: z.number(),
  num_failures: z.number(),
  total_response_time: z.number(),
  max_response_time: z.number(),
  response_times: z.record(z.string(), z.number()),
});
type Entry = z.infer<typeof entrySchema>;
const entriesSchema = z.array(entrySchema).min(1);

export function parseLocustJson(document: unknown): LocustJson | null {
  const entries = entriesSchema.safeParse(document).data;
  if (entries === undefined) return null;
  const sum = (pick: (entry: Entry) => number) => entries.reduce((total, entry) => total + pick(entry), 0);
  const requests = sum((entry) => entry.num_requests);
  const counts = new Map<number, number>();
  for (const { response_times } of entries) {
    for (const [ms, count] of Object.entries(response_times)) {
      counts.set(Number(ms), (counts.get(Number(ms)) ?? 0) + count);
    }
  }
  const startS = Math.min(...entries.map(({ start_time }) => start_time));
  const endS = Math.max(
    ...entries.map(({ last_request_timestamp, start_time }) => last_request_timestamp ?? start_time),
  );
  return {
    kind: 'locust-json',
    requests,
    failures: sum((entry) => entry.num_failures),
    measuredS: endS - startS,
    times: {
      // The buckets are rounded, the sum and the longest are not.
      ...histogramTimes(counts),
      mean: requests === 0 ? null : sum((entry) => entry.total_response_time) / requests,
      max: requests === 0 ? null : Math.max(...entries.map(({ max_response_time }) => max_response_time)),
    },
  };
}
