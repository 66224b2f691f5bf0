import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { environmentError } from '@servelab/core';
import { cacheFolder } from '@servelab/node';
import { CONVERTER_VERSION } from '../convert/converter-version.js';
import type { ModelGraph } from '../convert/operators/operator-table.js';
import { PRECISIONS, type Precision } from '../convert/precision.js';
import { type CacheEntry, type CacheIndex, readEntry, writeEntry } from './cache-entry.js';
import { publishModelFile, publishModelFolder } from './cache-folder.js';
import type { ModelManifest, PinnedFile } from './model-manifest.js';
import { fetchPinned, sourceFolder, UnreachableSource } from './model-source.js';
import type { OpenModelOptions } from './opened-model.js';
import { sha256 } from './sha256.js';

/** Names of the files in an entry. */
export const LABELS_FILE = 'labels.txt';
export const graphFile = (precision: Precision): string => `${precision}.onnx`;

const SYNTHETIC_SEED = 1;

/**
 * The model's entry of the cache, made first where there is none; which weights, `options.synthetic` says.
 *
 * @throws as `openModel`
 */
export async function obtainEntry(manifest: ModelManifest, options: OpenModelOptions): Promise<CacheEntry> {
  if (options.synthetic === 'always') return await syntheticEntry(manifest, options);
  try {
    return await realEntry(manifest, options);
  } catch (error) {
    if (options.synthetic !== 'fallback' || !(error instanceof UnreachableSource)) throw error;
    options.onProgress?.({ kind: 'synthetic', reason: error.message });
    return await syntheticEntry(manifest, options);
  }
}

async function realEntry(manifest: ModelManifest, options: OpenModelOptions): Promise<CacheEntry> {
  const folder = entryFolder(manifest, options, false);
  const make = async () => {
    const { readClassifier } = await loadConverter();
    const weights = await pinned(manifest.weights, manifest, options);
    const labels = await pinned(manifest.labels, manifest, options);
    return {
      ...(await writeGraphs(readClassifier(weights), options)),
      [LABELS_FILE]: withoutBackground(labels),
    };
  };
  const index = builtInIndex(manifest, false);
  return (await readEntry(folder, index)) ?? (await makeEntry(folder, index, make));
}

async function syntheticEntry(manifest: ModelManifest, options: OpenModelOptions): Promise<CacheEntry> {
  const folder = entryFolder(manifest, options, true);
  const make = async () => {
    const { syntheticGraph } = await import('../convert/synthetic-graph.js');
    const graph = syntheticGraph(manifest.inputSize, manifest.classCount, SYNTHETIC_SEED);
    const graphs = await writeGraphs(graph, options);
    const labels = Array.from({ length: manifest.classCount }, (_, index) => `class ${index}`).join('\n');
    return { ...graphs, [LABELS_FILE]: Buffer.from(`${labels}\n`) };
  };
  const index = builtInIndex(manifest, true);
  return (await readEntry(folder, index)) ?? (await makeEntry(folder, index, make));
}

/** What the cache has to hold of a model, by its manifest. */
export function builtInIndex({ name, weights, converted }: ModelManifest, synthetic: boolean): CacheIndex {
  const files = synthetic ? converted.synthetic : converted.real;
  return { name, synthetic, sha256: synthetic ? (files[graphFile('f32')] ?? '') : weights.sha256, files };
}

/**
 * Nothing of an entry is there before `make` has given all of it.
 *
 * @throws UserError (exit code 3) for a file that is not what the index says, and as `publishModelFolder`
 */
export async function makeEntry(
  folder: string,
  index: CacheIndex,
  make: () => Promise<Readonly<Record<string, Uint8Array>>>,
): Promise<CacheEntry> {
  const files = await make();
  for (const [file, bytes] of Object.entries(files)) requireHash(file, bytes, index);
  await publishModelFolder(folder, (partial) => writeEntry(partial, index, files));
  const entry = await readEntry(folder, index);
  if (entry !== null) return entry;
  throw environmentError(
    `the cached model in ${folder} cannot be read`,
    `Remove ${folder}: it is made again when needed.`,
  );
}

function requireHash(file: string, bytes: Uint8Array, { name, files }: CacheIndex): void {
  const actual = sha256(bytes);
  if (actual === files[file]) return;
  throw environmentError(
    `${file} of ${name} was made with sha256 ${actual}, not ${files[file]}`,
    'This machine calculates otherwise than those servelab is tested on, or the converter was changed without the hashes in model-manifest.ts: please report it.',
  );
}

/** The folder's name says what its content follows from, so that a new converter never meets old graphs. */
export function entryFolder(manifest: ModelManifest, options: OpenModelOptions, synthetic: boolean): string {
  const from = synthetic ? `synthetic ${SYNTHETIC_SEED}` : manifest.weights.sha256 + manifest.labels.sha256;
  const key = sha256(`${CONVERTER_VERSION} ${from}`).slice(0, 16);
  const kind = synthetic ? 'synthetic' : 'real';
  return join(cacheFolder(options.environment ?? process.env), 'models', manifest.name, `${kind}-${key}`);
}

/** Sources are kept under their hash: a new converter needs no new download. */
async function pinned(
  file: PinnedFile,
  manifest: ModelManifest,
  options: OpenModelOptions,
): Promise<Uint8Array> {
  const environment = options.environment ?? process.env;
  const path = join(cacheFolder(environment), 'sources', file.sha256);
  const kept = await readFile(path).catch(() => null);
  if (kept !== null && sha256(kept) === file.sha256) return kept;
  const bytes = await fetchPinned(file, sourceFolder(manifest, environment), options);
  await publishModelFile(path, bytes);
  return bytes;
}

/** Loaded where there is something to convert: most starts find the graphs in the cache. */
const loadConverter = () => import('../convert/convert-model.js');

async function writeGraphs(
  graph: ModelGraph,
  { onProgress, signal }: OpenModelOptions,
): Promise<Record<string, Uint8Array>> {
  const { writeOnnx } = await loadConverter();
  const files: Record<string, Uint8Array> = {};
  for (const precision of PRECISIONS) {
    // A signal that came meanwhile is heard here.
    await nextTurn();
    signal?.throwIfAborted();
    onProgress?.({ kind: 'converting', precision });
    files[graphFile(precision)] = writeOnnx(graph, precision);
  }
  return files;
}

/** Line 1 of the source file names the class that was cut out of the graph. */
function withoutBackground(labels: Uint8Array): Uint8Array {
  return labels.subarray(labels.indexOf('\n'.charCodeAt(0)) + 1);
}
