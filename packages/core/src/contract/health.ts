import { z } from 'zod';

const count = z.int().nonnegative();

/** The body of `/livez` and `/readyz`. */
export const statusSchema = z.object({ status: z.enum(['ok', 'starting', 'draining', 'no_worker']) });
/** Whether the server can answer; only `ok` is a 200. */
export type HealthStatus = z.infer<typeof statusSchema>['status'];

/** What `/health` has besides once a model is loaded. */
const modelHealthSchema = z.object({
  model: z.string(),
  model_sha256: z.string().nullable(),
  precision: z.string(),
  runtime: z.string(),
  policy: z.string(),
  synthetic: z.boolean(),
  warning: z.string().exactOptional(),
  transport: z.enum(['shared-memory', 'ipc', 'in-process']),
  device: z.string().nullable(),
  workers: count,
  ready_workers: count,
  queued_images: count,
});
export type ModelHealth = z.infer<typeof modelHealthSchema>;

/** The body of `/health`. */
export const healthSchema = statusSchema.extend({
  version: z.string(),
  ...modelHealthSchema.partial().shape,
});
