import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { replaceAtomically } from '@servelab/node';
import type { RequestRecord } from './request-record.js';

const LINES_A_CHUNK = 512;

/**
 * Writes one JSON line a record, streamed, under another name until it is whole: a reader sees all of the
 * records or no file.
 */
export async function writeRecords(path: string, records: Iterable<RequestRecord>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await replaceAtomically(path, (partial) =>
    pipeline(Readable.from(lines(records)), createWriteStream(partial)),
  );
}

function* lines(records: Iterable<RequestRecord>): Generator<string> {
  let chunk: string[] = [];
  for (const record of records) {
    chunk.push(`${JSON.stringify(record)}\n`);
    if (chunk.length < LINES_A_CHUNK) continue;
    yield chunk.join('');
    chunk = [];
  }
  if (chunk.length > 0) yield chunk.join('');
}
