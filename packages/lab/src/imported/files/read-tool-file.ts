import { createReadStream } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { environmentError, type Point, usageError } from '@servelab/core';
import { pointSchema } from '@servelab/core/report-schema';
import { type ClientNoteFile, parseClientNote } from './client-note.js';
import { type K6Points, readK6Points } from './k6-points.js';
import { type K6Summary, parseK6Summary } from './k6-summary.js';
import { LOCUST_FAILURES_HEAD, type LocustFailures, parseLocustFailures } from './locust-failures.js';
import { LOCUST_HISTORY_HEAD, type LocustHistory, parseLocustHistory } from './locust-history.js';
import { type LocustJson, parseLocustJson } from './locust-json.js';
import { LOCUST_STATS_HEAD, type LocustStats, parseLocustStats } from './locust-stats.js';

export interface ServelabPoint {
  readonly kind: 'servelab-point';
  readonly point: Point;
}

/** `other`: a file of Locust that says nothing of requests (its exceptions). */
export type ToolFile =
  | LocustStats
  | LocustHistory
  | LocustFailures
  | LocustJson
  | K6Summary
  | K6Points
  | ServelabPoint
  | ClientNoteFile
  | { readonly kind: 'other' };

const HEAD_BYTES = 4096;
const EXCEPTIONS_HEAD = 'Count,Message,Traceback,Nodes';
const KNOWN =
  'Known are: of Locust, the files of --csv and what --json or --json-file writes; of k6, what --summary-export and --out json write; and what "servelab load --json" prints.';

/**
 * One result file, whatever tool it is from: told by its content, not by its name.
 *
 * @throws UserError (exit code 3) where it cannot be read or is damaged, (2) where it is of no known kind
 */
export async function readToolFile(path: string): Promise<ToolFile> {
  try {
    const head = await readHead(path);
    const isGzip = head[0] === 0x1f && head[1] === 0x8b;
    const words = head.toString('utf8').replace(/^\uFEFF/, '');
    if (isGzip || /^\{"(type|metric)":/.test(words)) return await readK6Points(linesOf(path, isGzip), path);
    const text = await readFile(path, 'utf8');
    const file = isCsv(words) ? parseCsvFile(words, text) : parseJsonFile(text);
    if (file !== null) return file;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw environmentError(`${path} cannot be read (${code})`, 'Name a result file that exists.', error);
  }
  throw usageError(`${path} is no result file that is known`, KNOWN);
}

async function readHead(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

function linesOf(path: string, isGzip: boolean): AsyncIterable<string> {
  const bytes = createReadStream(path);
  return createInterface({ input: isGzip ? bytes.pipe(createGunzip()) : bytes, crlfDelay: Infinity });
}

const isCsv = (words: string): boolean =>
  [LOCUST_STATS_HEAD, LOCUST_HISTORY_HEAD, LOCUST_FAILURES_HEAD, EXCEPTIONS_HEAD].some((head) =>
    words.startsWith(head),
  );

function parseCsvFile(words: string, text: string): ToolFile | null {
  if (words.startsWith(LOCUST_STATS_HEAD)) return parseLocustStats(text);
  if (words.startsWith(LOCUST_HISTORY_HEAD)) return parseLocustHistory(text);
  if (words.startsWith(LOCUST_FAILURES_HEAD)) return parseLocustFailures(text);
  return { kind: 'other' };
}

function parseJsonFile(text: string): ToolFile | null {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return null;
  }
  const point = pointSchema.safeParse(document).data;
  if (point !== undefined) return { kind: 'servelab-point', point };
  return parseClientNote(document) ?? parseLocustJson(document) ?? parseK6Summary(document);
}
