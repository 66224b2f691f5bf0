import { environmentError } from '@servelab/core';
import { z } from 'zod';
import { csvRow } from '../../csv/parse-csv.js';

/** One value of a metric, of the millions that k6 writes with `--out json=FILE` or `--out csv=FILE`. */
export interface K6Sample {
  readonly metric: string;
  /** Unix time, ms. */
  readonly atMs: number;
  /** False where that is a whole second, as k6 writes CSV unless K6_CSV_TIME_FORMAT says otherwise. */
  readonly isExact: boolean;
  readonly value: number;
  readonly tags: Readonly<Record<string, string>>;
}

type Lines = AsyncIterable<string> | Iterable<string>;

const CSV_HEAD = 'metric_name,timestamp,metric_value';

/** Whether a file begins as k6 begins one of its two forms. */
export const isK6Samples = (head: string): boolean =>
  head.startsWith(CSV_HEAD) || /^\{"(type|metric)":/.test(head);

/**
 * The samples of a file of either form, one at a time: an hour of them is more than a string can hold.
 *
 * @throws UserError (exit code 3) that names the line
 */
export async function* k6Samples(lines: Lines, path: string): AsyncIterable<K6Sample> {
  let number = 0;
  let columns: readonly string[] | null = null;
  let open = '';
  for await (const line of lines) {
    number++;
    if (columns === null && open === '') {
      if (line === '') continue;
      if (line.startsWith(CSV_HEAD)) columns = csvRow(line);
      else yield* jsonSample(line, path, number);
      continue;
    }
    open += open === '' ? line : `\n${line}`;
    // The words of an error may hold a line end: then a quote is still open.
    if (columns === null || open === '' || open.split('"').length % 2 === 0) continue;
    yield csvSample(columns, open, path, number);
    open = '';
  }
  if (open !== '') throw damaged(path, number, undefined);
}

const lineSchema = z.object({
  type: z.enum(['Metric', 'Point']),
  metric: z.string(),
  data: z.object({
    time: z.string().optional(),
    value: z.number().optional(),
    tags: z.record(z.string(), z.string()).nullable().optional(),
  }),
});

/** None where the line describes a metric. */
function* jsonSample(line: string, path: string, number: number): Iterable<K6Sample> {
  let document: z.infer<typeof lineSchema>;
  try {
    document = lineSchema.parse(JSON.parse(line));
  } catch (error) {
    throw damaged(path, number, error);
  }
  const { type, metric, data } = document;
  const { time, value, tags } = data;
  if (type !== 'Point' || time === undefined || value === undefined) return;
  yield { metric, atMs: preciseMs(time), isExact: true, value, tags: tags ?? {} };
}

/** Empty tags are left out; those that have no column of their own stand together in one. */
function csvSample(columns: readonly string[], line: string, path: string, number: number): K6Sample {
  const fields = csvRow(line);
  const [metric = '', moment = '', value = '', ...rest] = fields;
  const atMs = momentMs(moment);
  if (fields.length !== columns.length || Number.isNaN(atMs) || value === '' || Number.isNaN(Number(value))) {
    throw damaged(path, number, undefined);
  }
  const tags = rest.flatMap((field, at): [string, string][] => {
    const name = columns[at + 3] ?? '';
    if (name === 'extra_tags') return [...new URLSearchParams(field)];
    return field === '' ? [] : [[name, field]];
  });
  const isExact = !WHOLE_SECONDS.test(moment);
  return { metric, atMs, isExact, value: Number(value), tags: Object.fromEntries(tags) };
}

const WHOLE_SECONDS = /^\d{1,11}$|:\d\d(Z|[+-]\d\d:\d\d)$/;

/** Its number of digits tells in which unit a moment is: K6_CSV_TIME_FORMAT can be any of these. */
function momentMs(moment: string): number {
  if (!/^\d+$/.test(moment)) return preciseMs(moment);
  const unit = [11, 14, 17].findIndex((digits) => moment.length <= digits);
  return Number(moment) * ([1000, 1, 1e-3][unit] ?? 1e-6);
}

/** RFC 3339 with up to nine decimals, of which `Date` keeps three. */
export function preciseMs(time: string): number {
  const decimals = /\.\d{3}(\d+)/.exec(time)?.[1] ?? '';
  return Date.parse(time) + (decimals === '' ? 0 : Number(`0.${decimals}`));
}

const damaged = (path: string, number: number, cause: unknown) =>
  environmentError(
    `line ${number} of ${path} is not a k6 sample`,
    'The file is damaged or was cut off: run k6 again.',
    cause,
  );
