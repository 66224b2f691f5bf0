import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { usageError } from '@servelab/core';
import { cacheFolder } from '@servelab/node';
import { type CacheEntry, type CacheIndex, readEntry } from './cache-entry.js';
import { LABELS_FILE, makeEntry } from './obtain-entry.js';
import type { OpenModelOptions } from './opened-model.js';
import { fetchOwnFile, fileName } from './own-file.js';
import { asFile, listed, namesIn, type OwnLabels, obtainLabels } from './own-labels.js';
import type { OwnManifest } from './own-manifest.js';
import { sha256 } from './sha256.js';

export const OWN_GRAPH_FILE = 'model.onnx';
/** A file of labels that is not as the cache writes them: another encoding, other line ends. */
const LABELS_SOURCE = 'labels.source';

/** A manifest whose files are all known by their hashes. */
export type PinnedManifest = Omit<OwnManifest, 'sha256' | 'labels'> & {
  readonly sha256: string;
  readonly labels: string[] | { file: string; sha256: string };
};

/**
 * The entry of the cache for a model of one's own, made first where there is none. One that is there was checked:
 * its graph loads, and is what the manifest says. Its source is not looked at again, so that it may be gone.
 *
 * @throws UserError (exit code 2) where the manifest is not of this graph or these labels, (exit code 3) for a
 *   source that cannot be had, a graph that does not load, or a cache that cannot be written
 */
export async function obtainOwnEntry(
  manifest: OwnManifest,
  options: OpenModelOptions,
): Promise<{ entry: CacheEntry; manifest: PinnedManifest }> {
  const { pinned, labels } = await pin(manifest, options);
  const folder = ownEntryFolder(pinned, options);
  const kept = await keptOwnEntry(pinned, options);
  if (kept !== null && !(await lacksLabels(kept, pinned))) return { entry: kept, manifest: pinned };
  const given = labels ?? (await obtainLabels(pinned, options));
  const bytes = await fetchGraph(pinned, options);
  options.onProgress?.({ kind: 'checking', file: fileName(pinned.source) });
  // It needs ONNX Runtime, which a server's own process otherwise does without.
  const { checkGraph } = await import('./check-graph.js');
  await checkGraph(bytes, pinned, given.names.length);
  options.signal?.throwIfAborted();
  const files: Record<string, Uint8Array> = { [OWN_GRAPH_FILE]: bytes, ...filesOf(given) };
  const entry = await makeEntry(folder, indexOf(pinned, files[LABELS_SOURCE] ?? null), async () => {
    if (kept !== null) await rm(folder, { recursive: true, force: true });
    return files;
  });
  return { entry, manifest: pinned };
}

/** What the cache holds of it, to be checked against the hashes of its manifest; null where it holds nothing. */
export async function keptOwnEntry(
  manifest: PinnedManifest,
  options: OpenModelOptions,
): Promise<CacheEntry | null> {
  const folder = ownEntryFolder(manifest, options);
  const source = await readFile(join(folder, LABELS_SOURCE)).catch(() => null);
  return await readEntry(folder, indexOf(manifest, source));
}

/** @param source the file of labels as it was given, where the cache has it */
function indexOf(manifest: PinnedManifest, source: Uint8Array | null): CacheIndex {
  const { name, sha256: graphHash, labels } = manifest;
  const index = { name, synthetic: false, sha256: graphHash };
  const graph = { [OWN_GRAPH_FILE]: graphHash };
  if (!('sha256' in labels)) return { ...index, files: { ...graph, [LABELS_FILE]: listed(labels).sha256 } };
  const { file, sha256: labelsHash } = labels;
  if (source === null) return { ...index, files: { ...graph, [LABELS_FILE]: labelsHash } };
  const isSound = sha256(source) === labelsHash;
  const names = isSound ? sha256(asFile(namesIn(source, file))) : labelsHash;
  return { ...index, files: { ...graph, [LABELS_FILE]: names, [LABELS_SOURCE]: labelsHash } };
}

/** The names as every model has them; what they were read from as well, unless that is the same. */
function filesOf({ names, source, sha256: hash }: OwnLabels): Record<string, Uint8Array> {
  const file = asFile(names);
  return { [LABELS_FILE]: file, ...(sha256(file) === hash ? {} : { [LABELS_SOURCE]: source }) };
}

/** Entries of older versions did not keep what the labels were read from, so their hash proves nothing. */
async function lacksLabels(entry: CacheEntry, { labels }: PinnedManifest): Promise<boolean> {
  if (!('sha256' in labels) || LABELS_SOURCE in entry.files) return false;
  const bytes = await readFile(join(entry.folder, LABELS_FILE)).catch(() => null);
  return bytes === null || sha256(bytes) !== labels.sha256;
}

/** Its name follows from the files and from all that was checked: a manifest that says otherwise is checked anew. */
function ownEntryFolder(manifest: PinnedManifest, { environment = process.env }: OpenModelOptions): string {
  const { name, labels, input, softmax, output } = manifest;
  const labelsHash = 'sha256' in labels ? labels.sha256 : listed(labels).sha256;
  const { size, layout, dtype } = input;
  const checked = [manifest.sha256, labelsHash, input.name, size, layout, dtype, softmax, output];
  return join(
    cacheFolder(environment),
    'models',
    name,
    `own-${sha256(JSON.stringify(checked)).slice(0, 16)}`,
  );
}

/** Labels without a hash are read to know theirs; a graph without one is read to tell it. */
async function pin(
  manifest: OwnManifest,
  options: OpenModelOptions,
): Promise<{ pinned: PinnedManifest; labels: OwnLabels | null }> {
  const { labels } = manifest;
  if (manifest.sha256 === undefined) throw await hashIsMissing(manifest, options);
  if (Array.isArray(labels)) {
    return {
      pinned: { ...manifest, sha256: manifest.sha256, labels },
      labels: await obtainLabels(manifest, options),
    };
  }
  const known = labels.sha256 === undefined ? await obtainLabels(manifest, options) : null;
  const hash = known?.sha256 ?? labels.sha256 ?? '';
  const pinned = { ...manifest, sha256: manifest.sha256, labels: { file: labels.file, sha256: hash } };
  return { pinned, labels: known };
}

async function hashIsMissing({ name, source }: OwnManifest, options: OpenModelOptions): Promise<Error> {
  const { sha256: actual, bytes } = await fetchOwnFile(source, options);
  return usageError(
    `the manifest of ${name} has no sha256; ${fileName(source)} has ${bytes.length} bytes and sha256 ${actual}`,
    `If this is the file you mean, write "sha256: ${actual}" into the manifest.`,
  );
}

async function fetchGraph(
  { name, source, sha256: expected }: PinnedManifest,
  options: OpenModelOptions,
): Promise<Uint8Array> {
  const { sha256: actual, bytes } = await fetchOwnFile(source, options);
  if (actual === expected) return bytes;
  throw usageError(
    `${source} is not the file that the manifest of ${name} means: its sha256 is ${actual}, not ${expected} (${bytes.length} bytes)`,
    `If this is the file you mean, write "sha256: ${actual}" into the manifest.`,
  );
}
