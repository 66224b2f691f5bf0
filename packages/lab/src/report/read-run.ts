import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeText, environmentError } from '@servelab/core';
import { errorCode } from '@servelab/node';
import type { z } from 'zod';
import type { LoadPoint } from '../analyse/analyse-run.js';
import { completeManifest } from '../record/complete-manifest.js';
import { readRecords } from '../record/record-reader.js';
import type { RequestRecord } from '../record/request-record.js';
import {
  type RunManifest,
  type ServerSide,
  serverSideSchema,
  storedManifestSchema,
} from '../record/run-folder.js';
import { firstFault } from './first-fault.js';

const manifestSchema = storedManifestSchema.transform(completeManifest);

export interface RunFolder {
  readonly manifest: RunManifest;
  readonly loadPoint: LoadPoint;
}

/**
 * A run as its folder holds it, records and all.
 *
 * @throws UserError (exit code 3) for a folder that is no run, or a damaged file, which is named with the line
 */
export async function readRun(folder: string): Promise<RunFolder> {
  const manifest = await readJson(join(folder, 'run.json'), manifestSchema, folder);
  const points = new Map<string, Awaited<ReturnType<typeof readPoint>>>();
  const tries = (manifest.capacities ?? []).flatMap((capacity) => capacity.tries);
  for (const { id } of [...manifest.points, ...tries]) points.set(id, await readPoint(folder, id));
  return {
    manifest,
    loadPoint: (id) => {
      const point = points.get(id);
      if (point === undefined) throw new RangeError(`no point ${id} in ${folder}`);
      return point;
    },
  };
}

/** What was written of one window. @throws UserError (exit code 3) */
export async function readPoint(
  folder: string,
  id: string,
): Promise<{ records: RequestRecord[]; server: ServerSide }> {
  const records = await readRecords(join(folder, 'records', `${id}.ndjson`));
  const server = await readJson(join(folder, 'server', `${id}.json`), serverSideSchema, folder);
  return { records, server };
}

async function readJson<T>(path: string, schema: z.ZodType<T>, folder: string): Promise<T> {
  let text: string;
  try {
    text = decodeText(await readFile(path));
  } catch (error) {
    const code = errorCode(error);
    throw environmentError(
      `${folder} is not the folder of a run: ${path} cannot be read (${code})`,
      'Name a folder that "servelab bench" has written.',
      error,
    );
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw environmentError(
      `${path} is damaged: ${firstFault(error)}`,
      'Restore the file, or measure again.',
      error,
    );
  }
}
