import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { environmentError } from '@servelab/core';
import { cacheFolder, type Environment, isOwnCacheFile, makeCacheFolder } from '@servelab/node';
import { z } from 'zod';
import { loadCorpus } from '../corpus/load-corpus.js';
import { findPhotographs } from '../corpus/photograph-store.js';
import { runProgram } from '../process/run-program.js';
import { pythonOf } from './environment.js';
import { withLock } from './install-lock.js';
import { STACKS_FOLDER } from './stacks-folder.js';

const FILE = 'mobilenet_v2.keras';
const SCRIPT = join(STACKS_FOLDER, 'keras', 'build_model.py');
/** What the model's file follows from, besides the graph. */
const MADE_BY = [
  SCRIPT,
  join(STACKS_FOLDER, 'keras', 'weights.py'),
  join(STACKS_FOLDER, 'common', 'requirements.in'),
];
/** Held against ONNX Runtime where there are no photographs. */
const GENERATED_IMAGES = 8;

const paritySchema = z.object({
  images: z.number(),
  /** Of all probabilities on all images. */
  largest_difference: z.number(),
  limit: z.number(),
  agrees: z.boolean(),
});

/** How the Keras model's answers compare with ONNX Runtime's. */
export type KerasParity = z.infer<typeof paritySchema>;

export interface KerasModelRequest {
  /** Our f32 graph, which the weights are taken from. */
  readonly graph: { readonly path: string; readonly sha256: string };
  /** Folder of any peer's Python environment: all have the same TensorFlow. */
  readonly environmentFolder: string;
  readonly environment: Environment;
  readonly signal: AbortSignal;
  /** Called before it is built, which takes half a minute. */
  readonly onBuild: () => void;
}

/** Path of the Keras model with a graph's weights; null where it has not been built, or by another script. */
async function findKerasModel(graphSha256: string, environment: Environment): Promise<string | null> {
  const path = await kerasModelPath(graphSha256, environment);
  // A Keras file can hold code.
  return (await isOwnCacheFile(path)) ? path : null;
}

/**
 * Builds the model of the peers' `seeds` forms, once, and proves that it answers as ONNX Runtime does.
 *
 * @returns its path, and how it compares where it was built now
 * @throws UserError (exit code 3) when it cannot be built or answers otherwise; the signal's reason when aborted
 */
export async function makeKerasModel(
  request: KerasModelRequest,
): Promise<{ path: string; parity: KerasParity | null }> {
  const { graph, environment, signal, onBuild } = request;
  const path = await kerasModelPath(graph.sha256, environment);
  const isThere = async () => (await findKerasModel(graph.sha256, environment)) !== null;
  if (await isThere()) return { path, parity: null };
  const folder = dirname(path);
  await makeCacheFolder(dirname(folder));
  return await withLock(`${folder}.lock`, signal, onBuild, async () => {
    if (await isThere()) return { path, parity: null };
    onBuild();
    const partial = `${folder}.partial-${randomUUID()}`;
    try {
      await mkdir(partial, { mode: 0o700 });
      const parity = await build(request, join(partial, FILE));
      await rename(partial, folder);
      return { path, parity };
    } finally {
      await rm(partial, { recursive: true, force: true });
    }
  });
}

async function build(
  { graph, environmentFolder, environment, signal }: KerasModelRequest,
  output: string,
): Promise<KerasParity> {
  const images = await goldenImages(environment);
  const { code, stdout, tail } = await runProgram({
    command: [
      ...[pythonOf(environmentFolder), SCRIPT],
      ...['--graph', graph.path, '--output', output, ...images],
    ],
    environment: {
      ...environment,
      PYTHONPATH: join(STACKS_FOLDER, 'common'),
      PYTHONDONTWRITEBYTECODE: '1',
      TF_CPP_MIN_LOG_LEVEL: '3',
      CUDA_VISIBLE_DEVICES: '-1',
    },
    signal,
  });
  signal.throwIfAborted();
  const parity = readParity(stdout);
  if (code === 0 && parity !== null) return parity;
  if (parity?.agrees === false) {
    throw environmentError(
      `the Keras model does not answer as ONNX Runtime does: probabilities differ by ${parity.largest_difference}, the limit is ${parity.limit}`,
      'Run "servelab model verify"; if the graph is sound, this TensorFlow calculates wrongly on this machine. The tuned forms do not need it.',
    );
  }
  throw environmentError(
    `the Keras model could not be built (exit code ${code}):\n${tail.trim().replaceAll(/^/gm, '    ')}`,
    'Remove the environment and run "servelab stacks setup" again; the tuned forms do not need this model.',
  );
}

function readParity(stdout: string): KerasParity | null {
  try {
    return paritySchema.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
  } catch {
    return null;
  }
}

async function goldenImages(environment: Environment): Promise<string[]> {
  const photographs = await findPhotographs(environment);
  if (photographs !== null) return photographs.map(({ path }) => path);
  const { images } = await loadCorpus({ mix: '224', seed: 1, environment });
  return images.slice(0, GENERATED_IMAGES).map(({ path }) => path);
}

async function kerasModelPath(graphSha256: string, environment: Environment): Promise<string> {
  const key = createHash('sha256').update(graphSha256);
  for (const source of MADE_BY) key.update(await readFile(source));
  return join(cacheFolder(environment), 'keras', key.digest('hex').slice(0, 16), FILE);
}
