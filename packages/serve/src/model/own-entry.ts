import { join } from 'node:path';
import { usageError } from '@servelab/core';
import { type CacheEntry, readEntry } from './cache-entry.js';
import { cacheRoot } from './cache-folder.js';
import { checkGraph } from './check-graph.js';
import { LABELS_FILE, makeEntry } from './obtain-entry.js';
import type { OpenModelOptions } from './opened-model.js';
import { fetchOwnFile, fileName } from './own-file.js';
import { asFile, listed, type OwnLabels, obtainLabels } from './own-labels.js';
import type { OwnManifest } from './own-manifest.js';
import { sha256 } from './sha256.js';

export const OWN_GRAPH_FILE = 'model.onnx';

/** A manifest whose files are all known by their hashes. */
export type PinnedManifest = OwnManifest & {
  readonly sha256: string;
  readonly labels: readonly string[] | { readonly file: string; readonly sha256: string };
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
  const make = async () => {
    const { names } = labels ?? (await obtainLabels(pinned, options));
    const bytes = await fetchGraph(pinned, options);
    options.onProgress?.({ kind: 'checking', file: fileName(pinned.source) });
    await checkGraph(bytes, pinned, names.length);
    options.signal?.throwIfAborted();
    return {
      about: { sha256: pinned.sha256, synthetic: false },
      files: { [OWN_GRAPH_FILE]: bytes, [LABELS_FILE]: asFile(names) },
    };
  };
  const entry = (await readEntry(folder)) ?? (await makeEntry(folder, pinned, make));
  return { entry, manifest: pinned };
}

/** Its name follows from the files and from all that was checked: a manifest that says otherwise is checked anew. */
export function ownEntryFolder(
  manifest: PinnedManifest,
  { environment = process.env }: OpenModelOptions,
): string {
  const { name, labels, input, softmax, output } = manifest;
  const labelsHash = 'sha256' in labels ? labels.sha256 : listed(labels).sha256;
  const { size, layout, dtype } = input;
  const checked = [manifest.sha256, labelsHash, input.name, size, layout, dtype, softmax, output];
  return join(cacheRoot(environment), 'models', name, `own-${sha256(JSON.stringify(checked)).slice(0, 16)}`);
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
