import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { environmentError } from '@servelab/core';
import { errorCode } from '@servelab/node';
import { type RequestRecord, requestRecordSchema } from './request-record.js';

/**
 * The records of one point, in the order of the schedule.
 *
 * @throws UserError (exit code 3) that names the file, and the line that is damaged
 */
export async function readRecords(path: string): Promise<RequestRecord[]> {
  const records: RequestRecord[] = [];
  try {
    for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
      records.push(parseLine(line, path, records.length + 1));
    }
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    throw environmentError(
      `the records ${path} cannot be read (${code})`,
      'Name the folder of a run that holds them.',
      error,
    );
  }
  return records;
}

/** The records of a load that has just run, wherever they are. @throws as `readRecords` */
export async function recordsOf({
  recordsPath,
  unwritten,
}: {
  readonly recordsPath: string;
  readonly unwritten?: { readonly records: RequestRecord[] };
}): Promise<RequestRecord[]> {
  return unwritten === undefined ? await readRecords(recordsPath) : unwritten.records;
}

function parseLine(line: string, path: string, number: number): RequestRecord {
  try {
    return requestRecordSchema.parse(JSON.parse(line));
  } catch (error) {
    throw environmentError(
      `line ${number} of ${path} is not a request record`,
      'The file is damaged: restore it, or measure again.',
      error,
    );
  }
}
