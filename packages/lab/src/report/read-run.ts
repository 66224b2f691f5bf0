import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeText, environmentError } from '@servelab/core';
import { batchingSchema, loadSchema } from '@servelab/core/report-schema';
import { z } from 'zod';
import type { LoadPoint } from '../analyse/analyse-run.js';
import { completeManifest, type StoredManifest } from '../record/complete-manifest.js';
import { readRecords } from '../record/record-reader.js';
import type { RequestRecord } from '../record/request-record.js';
import type { RunManifest, ServerSide } from '../record/run-folder.js';
import { firstFault } from './first-fault.js';

const time = z.number().nonnegative();
const anything = z.record(z.string(), z.unknown());

const pointRunSchema = z.object({
  id: z.string().regex(/^[\w.@-]+$/, 'is no plain file name'),
  stack: z.string(),
  workload: z.string(),
  repeat: z.number().int(),
  order: z.number().int(),
  // Parsing may not add what the report would then print: a load is kept as it was written.
  load: z.custom<RunManifest['points'][number]['load']>((value) => loadSchema.safeParse(value).success),
  warmup_us: time,
  warmup_steady: z.boolean().exactOptional(),
  duration_us: time.positive(),
  timeout_us: time,
  insecure: z.literal(true).exactOptional(),
  started_us: time,
});

const storedSchema: z.ZodType<StoredManifest> = z.object({
  schema_version: z.literal(1),
  run_id: z.string(),
  command: z.string(),
  started_at: z.string(),
  finished_at: z.string().nullable(),
  interrupted: z.boolean(),
  seed: z.number(),
  profile: z.string(),
  config: anything,
  environment: anything,
  model: z.object({ name: z.string(), sha256: z.string().nullable(), synthetic: z.boolean() }),
  corpus: z.object({
    name: z.string(),
    images: z.number(),
    sha256: z.string(),
    generated: z.boolean().exactOptional(),
  }),
  pinned: z.boolean(),
  slo: z.string().nullable(),
  driver: z
    .object({
      ceiling: z.object({ concurrency: z.number(), rps: z.number() }),
      floor: z.object({ p50_ms: z.number(), p99_ms: z.number().nullable() }),
      open: z.object({
        rate_rps: z.number(),
        p50_ms: z.number(),
        p99_ms: z.number().nullable(),
        lag_p99_ms: z.number(),
      }),
    })
    .exactOptional(),
  workloads: z
    .array(z.object({ name: z.string(), kind: z.enum(['photographs', 'simulated']) }))
    .exactOptional(),
  stacks: z.array(
    z.object({
      name: z.string(),
      workload: z.string(),
      kind: z.enum(['servelab', 'peer', 'other']),
      framework: z.string().exactOptional(),
      version: z.string(),
      form: z.string(),
      runtime: z.string(),
      precision: z.string(),
      policy: z.string(),
      batching: batchingSchema.exactOptional(),
      device: z.string().exactOptional(),
      uncontrolled: z.literal(true).exactOptional(),
      unchecked: z.literal(true).exactOptional(),
      failure: z.object({ message: z.string(), log_tail: z.string() }).exactOptional(),
      golden: z.object({ checked: z.number(), agreed: z.number(), required: z.number() }).nullable(),
      cache_probe: z.object({ again_ms: z.array(time), fresh_ms: z.array(time) }).exactOptional(),
    }),
  ),
  points: z.array(pointRunSchema),
  capacities: z
    .array(
      z.object({
        stack: z.string(),
        workload: z.string(),
        slo: z.string(),
        tries: z.array(pointRunSchema),
      }),
    )
    .exactOptional(),
});
const manifestSchema: z.ZodType<RunManifest> = storedSchema.transform(completeManifest);

const figure = z.number().nullable();
const serverSchema: z.ZodType<ServerSide> = z.object({
  cpu_s: figure,
  rss_mb: figure,
  batches: z.array(
    z.object({
      id: z.number(),
      worker: z.number(),
      size: z.number().int().positive(),
      reason: z.string(),
      rule: z.string(),
      formed_at_ms: z.number(),
      wait_ms: z.number(),
      decode_ms: z.number(),
      infer_ms: z.number(),
      request_ids: z.array(z.string()),
    }),
  ),
  client_utilisation: figure,
  spin_before_ms: figure,
  spin_after_ms: figure,
  steal: figure,
});

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
  const server = await readJson(join(folder, 'server', `${id}.json`), serverSchema, folder);
  return { records, server };
}

async function readJson<T>(path: string, schema: z.ZodType<T>, folder: string): Promise<T> {
  let text: string;
  try {
    text = decodeText(await readFile(path));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
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
