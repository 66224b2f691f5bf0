import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { environmentError, usageError } from '@servelab/core';
import type { Precision } from '../convert/precision.js';
import { findModel, type KnownModel, keepManifest, loadOwnManifests } from './added-models.js';
import { type CacheEntry, checkFiles, type FileCheck, readEntry } from './cache-entry.js';
import { builtInIndex, entryFolder, graphFile, LABELS_FILE, obtainEntry } from './obtain-entry.js';
import type { OpenedModel, OpenModelOptions } from './opened-model.js';
import { keptOwnEntry, OWN_GRAPH_FILE, obtainOwnEntry, type PinnedManifest } from './own-entry.js';
import { cropRatioOf, portsOf } from './own-handling.js';
import type { OwnManifest } from './own-manifest.js';
import { sha256 } from './sha256.js';

/**
 * Opens a model from the cache, after fetching and converting or checking it where that has not been done. What
 * was cached is verified by its hashes.
 *
 * @param reference a name, or the path of a manifest
 * @throws UserError (exit code 2) for a model that does not exist, or a manifest that is wrong; (exit code 3) for a
 *   source that cannot be reached, a wrong hash, a file that cannot be converted, or a cache that was changed or
 *   cannot be written; the signal's reason when aborted
 */
export async function openModel(
  reference: string,
  precision: Precision,
  options: OpenModelOptions = {},
): Promise<OpenedModel> {
  const { kind, manifest } = await findModel(reference, options.environment);
  if (kind === 'own') return await openOwn(manifest, precision, options);
  const entry = await obtainEntry(manifest, options);
  return {
    manifest,
    precision,
    handling: {},
    ...(await openFiles(entry, graphFile(precision))),
  };
}

async function openOwn(
  manifest: OwnManifest,
  precision: Precision,
  options: OpenModelOptions,
): Promise<OpenedModel> {
  const { name, description, licence, input, top_k: topK } = manifest;
  if (precision === 'int8' && manifest.precision !== 'int8') {
    throw usageError(
      `${name} computes in f32: there is no int8 form of it`,
      'Leave --precision out; or write precision: int8 into the manifest, if that is what the graph computes in.',
    );
  }
  if (options.synthetic === 'always') {
    throw usageError(`there are no synthetic weights for ${name}`, 'Leave --synthetic-weights out.');
  }
  const { entry } = await obtainOwnEntry(manifest, options);
  const files = await openFiles(entry, OWN_GRAPH_FILE);
  const cropRatio = cropRatioOf(manifest);
  return {
    manifest: { name, description, licence, inputSize: input.size, classCount: files.labels.length },
    precision: manifest.precision,
    handling: { ports: portsOf(manifest), topK, ...(cropRatio === undefined ? {} : { cropRatio }) },
    ...files,
  };
}

/**
 * Puts a model into the cache, or proves that it is there; an entry that was changed is made again.
 *
 * @throws as {@link openModel}
 */
export async function pullModel(reference: string, options: OpenModelOptions = {}): Promise<CacheEntry> {
  const model = await findModel(reference, options.environment);
  await removeUnsound(model, options);
  if (model.kind === 'built-in') return await obtainEntry(model.manifest, options);
  return (await obtainOwnEntry(model.manifest, options)).entry;
}

/**
 * Checks a manifest and its files, puts these into the cache, and gives the model its name there. After an error
 * the cache is as before.
 *
 * @param name in place of the manifest's own
 * @returns the name
 * @throws as {@link openModel}
 */
export async function addModel(
  path: string,
  name: string | undefined,
  options: OpenModelOptions = {},
): Promise<string> {
  const { readOwnManifest } = await loadOwnManifests();
  const { manifest } = await obtainOwnEntry(await readOwnManifest(path, name), options);
  // What was there before may have been changed since: then it is made again.
  await removeUnsound({ kind: 'own', manifest }, options);
  await obtainOwnEntry(manifest, options);
  await keepManifest(manifest, options.environment ?? process.env);
  return manifest.name;
}

export type ModelState = KnownModel & {
  /** null where the model has not been pulled. */
  readonly entry: CacheEntry | null;
  /** Empty where there is nothing to check. */
  readonly files: readonly FileCheck[];
};

/** What the cache holds of a model, every file checked against its hash. */
export async function verifyModel(reference: string, options: OpenModelOptions = {}): Promise<ModelState> {
  const model = await findModel(reference, options.environment);
  const entry = await cachedEntry(model, options);
  return { ...model, entry, files: entry === null ? [] : await checkFiles(entry) };
}

async function cachedEntry(model: KnownModel, options: OpenModelOptions): Promise<CacheEntry | null> {
  if (model.kind === 'own')
    return isPinned(model.manifest) ? await keptOwnEntry(model.manifest, options) : null;
  const { manifest } = model;
  return await readEntry(entryFolder(manifest, options, false), builtInIndex(manifest, false));
}

/** An added model is; a manifest need not name the hash of its labels. */
function isPinned(manifest: OwnManifest): manifest is PinnedManifest {
  const { labels } = manifest;
  return manifest.sha256 !== undefined && (Array.isArray(labels) || labels.sha256 !== undefined);
}

async function removeUnsound(model: KnownModel, options: OpenModelOptions): Promise<void> {
  const entry = await cachedEntry(model, options);
  if (entry === null || (await checkFiles(entry)).every(({ state }) => state === 'ok')) return;
  await rm(entry.folder, { recursive: true, force: true });
}

async function openFiles(entry: CacheEntry, graph: string) {
  const { sha256, synthetic } = entry;
  return {
    graphPath: join(entry.folder, graph),
    graphSha256: await verified(entry, graph),
    labels: await readLabels(entry),
    labelsPath: join(entry.folder, LABELS_FILE),
    sha256,
    synthetic,
  };
}

async function readLabels(entry: CacheEntry): Promise<string[]> {
  await verified(entry, LABELS_FILE);
  const text = await readFile(join(entry.folder, LABELS_FILE), 'utf8');
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
