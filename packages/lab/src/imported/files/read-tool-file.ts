import { createReadStream } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { decodeText, environmentError, type Point, textEncoding, usageError } from '@servelab/core';
import { pointSchema } from '@servelab/core/report-schema';
import { errorCode } from '@servelab/node';
import { csvHeader } from '../../csv/parse-csv.js';
import { type ClientNoteFile, parseClientNote } from './client-note.js';
import { type K6Points, readK6Points } from './k6-points.js';
import { isK6Samples } from './k6-samples.js';
import { type K6Summary, parseK6Summary } from './k6-summary.js';
import { isLocustFailures, type LocustFailures, parseLocustFailures } from './locust-failures.js';
import { isLocustHistory, type LocustHistory, parseLocustHistory } from './locust-history.js';
import { type LocustJson, parseLocustJson } from './locust-json.js';
import {
  isLocustDistribution,
  isLocustStats,
  type LocustDistribution,
  type LocustStats,
  parseLocustDistribution,
  parseLocustStats,
} from './locust-stats.js';

export interface ServelabPoint {
  readonly kind: 'servelab-point';
  readonly point: Point;
}

/** `other`: a file of Locust that says nothing of requests (its exceptions). */
export type ToolFile =
  | LocustStats
  | LocustDistribution
  | LocustHistory
  | LocustFailures
  | LocustJson
  | K6Summary
  | K6Points
  | ServelabPoint
  | ClientNoteFile
  | { readonly kind: 'other' };

const HEAD_BYTES = 4096;
const KNOWN =
  'Known are: of Locust, the files of --csv and what --json or --json-file writes; of k6, what --summary-export, handleSummary(), --out json and --out csv write; and what "servelab load --json" prints.';

/**
 * One result file, whatever tool it is from: told by its content, not by its name. Text may be UTF-8 or UTF-16.
 *
 * @throws UserError (exit code 3) where it cannot be read or is damaged, (2) where it is of no known kind
 */
export async function readToolFile(path: string): Promise<ToolFile> {
  try {
    const head = await readHead(path);
    const isGzip = head[0] === 0x1f && head[1] === 0x8b;
    if (isGzip || isK6Samples(decodeText(head))) return await readK6Points(linesOf(path, isGzip), path);
    const text = decodeText(await readFile(path));
    const file =
      text.trimStart().startsWith('{') || text.trimStart().startsWith('[')
        ? parseJsonFile(text)
        : parseCsvFile(text);
    if (file !== null) return file;
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    throw environmentError(`${path} cannot be read (${code})`, 'Name a result file that exists.', error);
  }
  throw usageError(`${path} is not a known result file`, KNOWN);
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
  const plain: AsyncIterable<Buffer> = isGzip ? bytes.pipe(createGunzip()) : bytes;
  return createInterface({ input: Readable.from(decoded(plain)), crlfDelay: Infinity });
}

/** The text of a stream; its first bytes tell the encoding. */
async function* decoded(chunks: AsyncIterable<Buffer>): AsyncIterable<string> {
  let decode: ((bytes?: Buffer) => string) | null = null;
  for await (const chunk of chunks) {
    decode ??= streamDecoder(chunk);
    yield decode(chunk);
  }
  yield decode?.() ?? '';
}

function streamDecoder(first: Buffer): (bytes?: Buffer) => string {
  const decoder = new TextDecoder(textEncoding(first));
  return (bytes) => (bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true }));
}

function parseCsvFile(text: string): ToolFile | null {
  const header = csvHeader(text);
  if (isLocustHistory(header)) return parseLocustHistory(text);
  if (isLocustStats(header)) return parseLocustStats(text);
  if (isLocustDistribution(header)) return parseLocustDistribution(text);
  if (isLocustFailures(header)) return parseLocustFailures(text);
  return isLocustExceptions(header) ? { kind: 'other' } : null;
}

const isLocustExceptions = (header: readonly string[]): boolean =>
  header[0] === 'Count' && header.includes('Traceback');

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
