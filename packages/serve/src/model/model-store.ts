import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { environmentError, usageError } from '@servelab/core';
import {
  CONVERTER_VERSION,
  PRECISIONS,
  type Precision,
  readClassifier,
  writeOnnx,
} from '../convert/convert-model.js';
import type { ModelGraph } from '../convert/operators/operator-table.js';
import { syntheticGraph } from '../convert/synthetic-graph.js';
import { type CacheEntry, checkFiles, type FileCheck, readEntry, writeEntry } from './cache-entry.js';
import { cacheRoot, publishFile, publishFolder } from './cache-folder.js';
import { MODELS, type ModelManifest, type PinnedFile } from './model-manifest.js';
import { fetchPinned, sourceFolder, UnreachableSource } from './model-source.js';
import type { OpenedModel, OpenModelOptions } from './opened-model.js';
import { sha256 } from './sha256.js';

const LABELS = 'labels.txt';
const SYNTHETIC_SEED = 1;
const graphFile = (precision: Precision) => `${precision}.onnx`;

/** @throws UserError (exit code 2) */
export function findModel(name: string): ModelManifest {
  const manifest = MODELS.find((candidate) => candidate.name === name);
  if (manifest !== undefined) return manifest;
  throw usageError(
    `there is no model "${name}"`,
    `Name one of: ${MODELS.map((model) => model.name).join(', ')}.`,
  );
}

/**
 * Opens a model from the cache, after fetching and converting it where that has not been done. What was
 * cached is verified by its hashes.
 *
 * @throws UserError (exit code 2) for a model that does not exist, (exit code 3) for a source that cannot be
 *   reached, a wrong hash, a file that cannot be converted, or a cache that was changed or cannot be written;
 *   the signal's reason when aborted
 */
export async function openModel(
  name: string,
  precision: Precision,
  options: OpenModelOptions = {},
): Promise<OpenedModel> {
  const manifest = findModel(name);
  const entry = await entryFor(manifest, options);
  const graphPath = join(entry.folder, graphFile(precision));
  return {
    manifest,
    precision,
    graphPath,
    graphSha256: await verified(entry, graphFile(precision)),
    labels: await readLabels(entry),
    sha256: entry.sha256,
    synthetic: entry.synthetic,
  };
}

/**
 * Puts a model into the cache, or proves that it is there; an entry that was changed is made again.
 *
 * @throws as {@link openModel}
 */
export async function pullModel(name: string, options: OpenModelOptions = {}): Promise<CacheEntry> {
  const manifest = findModel(name);
  const folder = entryFolder(manifest, options, false);
  const entry = await readEntry(folder);
  const sound = entry !== null && (await checkFiles(entry)).every(({ state }) => state === 'ok');
  if (!sound) await rm(folder, { recursive: true, force: true });
  return await entryFor(manifest, options);
}

export interface ModelState {
  readonly manifest: ModelManifest;
  /** null where the model has not been pulled. */
  readonly entry: CacheEntry | null;
  /** Empty where there is nothing to check. */
  readonly files: readonly FileCheck[];
}

/** What the cache holds of a model, every file checked against its hash. */
export async function verifyModel(name: string, options: OpenModelOptions = {}): Promise<ModelState> {
  const manifest = findModel(name);
  const entry = await readEntry(entryFolder(manifest, options, false));
  return { manifest, entry, files: entry === null ? [] : await checkFiles(entry) };
}

async function entryFor(manifest: ModelManifest, options: OpenModelOptions): Promise<CacheEntry> {
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
    const weights = await pinned(manifest.weights, manifest, options);
    const labels = await pinned(manifest.labels, manifest, options);
    const files = { ...writeGraphs(readClassifier(weights), options), [LABELS]: withoutBackground(labels) };
    return { about: { sha256: manifest.weights.sha256, synthetic: false }, files };
  };
  return (await readEntry(folder)) ?? (await makeEntry(folder, manifest, make));
}

async function syntheticEntry(manifest: ModelManifest, options: OpenModelOptions): Promise<CacheEntry> {
  const folder = entryFolder(manifest, options, true);
  const make = async () => {
    const graph = syntheticGraph(manifest.inputSize, manifest.classCount, SYNTHETIC_SEED);
    const graphs = writeGraphs(graph, options);
    const labels = Array.from({ length: manifest.classCount }, (_, index) => `class ${index}`).join('\n');
    const files = { ...graphs, [LABELS]: Buffer.from(`${labels}\n`) };
    return { about: { sha256: sha256(graphs[graphFile('f32')] ?? ''), synthetic: true }, files };
  };
  return (await readEntry(folder)) ?? (await makeEntry(folder, manifest, make));
}

interface Made {
  readonly about: { readonly sha256: string; readonly synthetic: boolean };
  readonly files: Readonly<Record<string, Uint8Array>>;
}

async function makeEntry(
  folder: string,
  { name }: ModelManifest,
  make: () => Promise<Made>,
): Promise<CacheEntry> {
  const { about, files } = await make();
  await publishFolder(folder, (partial) => writeEntry(partial, { name, ...about }, files));
  const entry = await readEntry(folder);
  if (entry !== null) return entry;
  throw environmentError(
    `the cached model in ${folder} cannot be read`,
    `Remove ${folder}: it is made again when needed.`,
  );
}

/** The folder's name says what its content follows from, so that a new converter never meets old graphs. */
function entryFolder(manifest: ModelManifest, options: OpenModelOptions, synthetic: boolean): string {
  const from = synthetic ? `synthetic ${SYNTHETIC_SEED}` : manifest.weights.sha256 + manifest.labels.sha256;
  const key = sha256(`${CONVERTER_VERSION} ${from}`).slice(0, 16);
  const kind = synthetic ? 'synthetic' : 'real';
  return join(cacheRoot(options.environment ?? process.env), 'models', manifest.name, `${kind}-${key}`);
}

/** Sources are kept under their hash: a new converter needs no new download. */
async function pinned(
  file: PinnedFile,
  manifest: ModelManifest,
  options: OpenModelOptions,
): Promise<Uint8Array> {
  const environment = options.environment ?? process.env;
  const path = join(cacheRoot(environment), 'sources', file.sha256);
  const kept = await readFile(path).catch(() => null);
  if (kept !== null && sha256(kept) === file.sha256) return kept;
  const bytes = await fetchPinned(file, sourceFolder(manifest, environment), options);
  await publishFile(path, bytes);
  return bytes;
}

function writeGraphs(
  graph: ModelGraph,
  { onProgress, signal }: OpenModelOptions,
): Record<string, Uint8Array> {
  const files: Record<string, Uint8Array> = {};
  for (const precision of PRECISIONS) {
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

async function readLabels(entry: CacheEntry): Promise<string[]> {
  await verified(entry, LABELS);
  const text = await readFile(join(entry.folder, LABELS), 'utf8');
  return text.trimEnd().split(/\r?\n/);
}

/** @returns the file's sha256 */
async function verified(entry: CacheEntry, file: string): Promise<string> {
  const expected = entry.files[file];
  const bytes = await readFile(join(entry.folder, file)).catch(() => null);
  if (expected !== undefined && bytes !== null && sha256(bytes) === expected) return expected;
  throw environmentError(
    `${join(entry.folder, file)} is missing or has been changed since it was made`,
    `Remove ${entry.folder}: it is made again when needed.`,
  );
}
