import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { REGISTRY_FILE } from './stacks-folder.js';

/** `seeds`: Keras `predict` and the framework's native interface. `tuned`: ONNX Runtime and servelab's contract. */
export const PEER_FORMS = ['seeds', 'tuned'] as const;
export type PeerFormName = (typeof PEER_FORMS)[number];

const name = z.string().regex(/^[a-z]+$/, 'has other characters than a-z');
const path = z.string().startsWith('/');
const variables = z.record(z.string().regex(/^[A-Z_]+$/), z.string());
/** Kubernetes takes node ports from this range. */
const nodePort = z.number().int().min(30_000).max(32_767);

const targetSchema = z.strictObject({
  name: name.describe('in commands and reports, of the image, and of the folder in stacks/'),
  title: z.string().describe('as its makers write it'),
  port: z.number().int().positive(),
  nodePort: nodePort.describe('in the Kind cluster, which maps it to the port'),
  field: z.string().describe('of the multipart form that has the image'),
});

const batchingSchema = z.strictObject({
  kind: z.enum(['none', 'greedy', 'fixed-window', 'slo-adaptive']),
  maxBatchSize: z.number().int().positive().describe('images'),
  windowMs: z.number().nonnegative().describe('the longest wait for more images'),
  label: z.string().describe('for reports'),
});
/** How a framework forms its batches. */
export type Batching = z.infer<typeof batchingSchema>;

export const frameworkSchema = targetSchema.extend({
  distribution: z.string().describe('name among installed Python packages'),
  version: z.string().describe('as pinned in requirements.lock'),
  command: z
    .array(z.string())
    .nonempty()
    .describe('a program of the Python environment and its arguments, with {form}, {host} and {port}'),
  ready: z.strictObject({ seeds: path, tuned: path }).describe('GET answers 200 once the model can answer'),
  batching: batchingSchema,
  environment: variables.optional().describe('for this framework alone'),
  installSize: z
    .strictObject({ downloadMb: z.number().positive(), diskMb: z.number().positive() })
    .describe(
      'MB (10^6 bytes), measured on x86-64 Linux with Python 3.11; uv shares files between environments',
    ),
});
/** One entry of `frameworks`. */
export type Framework = z.infer<typeof frameworkSchema>;

const registrySchema = z.strictObject({
  servelab: targetSchema.extend({ ready: path }),
  environment: variables.describe('of every framework: one thread of mathematics, no graphics card, quiet'),
  frameworks: z.array(frameworkSchema),
});

/** `stacks/registry.json`: every server that is compared, and how it is started and addressed. */
export const REGISTRY = registrySchema.parse(JSON.parse(readFileSync(REGISTRY_FILE, 'utf8')));
