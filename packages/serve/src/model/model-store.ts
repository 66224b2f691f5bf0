import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { environmentError, usageError } from '@servelab/core';
import type { Precision } from '../convert/convert-model.js';
import { type CacheEntry, checkFiles, type FileCheck, readEntry } from './cache-entry.js';
import { MODELS, type ModelManifest } from './model-manifest.js';
import { entryFolder, graphFile, LABELS_FILE, obtainEntry } from './obtain-entry.js';
import type { OpenedModel, OpenModelOptions } from './opened-model.js';
import { sha256 } from './sha256.js';

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
  const entry = await obtainEntry(manifest, options);
  const graphPath = join(entry.folder, graphFile(precision));
  return {
    manifest,
    precision,
    graphPath,
    graphSha256: await verified(entry, graphFile(precision)),
    labels: await readLabels(entry),
    labelsPath: join(entry.folder, LABELS_FILE),
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
  return await obtainEntry(manifest, options);
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
