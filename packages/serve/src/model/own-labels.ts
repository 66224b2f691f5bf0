import { decodeText, usageError } from '@servelab/core';
import type { FetchOptions } from './model-source.js';
import { fetchOwnFile } from './own-file.js';
import type { OwnManifest } from './own-manifest.js';
import { sha256 } from './sha256.js';

/** Names in the order of the graph's output. */
export interface OwnLabels {
  readonly names: readonly string[];
  /** The file as it was given; a list as the cache writes it. */
  readonly source: Uint8Array;
  /** Of the file, or of the list. */
  readonly sha256: string;
}

/**
 * @throws UserError (exit code 2) for a file with another hash, an empty line, or another number of names than
 *   the manifest's `classes`; as `fetchFile` where the file cannot be had
 */
export async function obtainLabels(manifest: OwnManifest, options: FetchOptions): Promise<OwnLabels> {
  const { labels, classes } = manifest;
  const found = Array.isArray(labels) ? listed(labels) : await inFile(labels, options);
  if (classes !== undefined && classes !== found.names.length) {
    throw usageError(
      `the manifest of ${manifest.name} has classes ${classes}, but its labels name ${found.names.length}`,
      'Give one name a class, in the order of the graph’s output.',
    );
  }
  return found;
}

export function listed(names: readonly string[]): OwnLabels {
  const source = asFile(names);
  return { names, source, sha256: sha256(source) };
}

/** As the cache keeps them, and the file of labels of every model: one a line. */
export const asFile = (names: readonly string[]): Buffer => Buffer.from(`${names.join('\n')}\n`);

async function inFile(
  { file, sha256: expected }: { file: string; sha256?: string | undefined },
  options: FetchOptions,
): Promise<OwnLabels> {
  const fetched = await fetchOwnFile(file, options);
  if (expected !== undefined && expected !== fetched.sha256) {
    throw usageError(
      `the labels ${file} are not those of the manifest: their sha256 is ${fetched.sha256}, not ${expected}`,
      `If this is the file you mean, write "${fetched.sha256}" as sha256 of the labels.`,
    );
  }
  return { names: namesIn(fetched.bytes, file), source: fetched.bytes, sha256: fetched.sha256 };
}

/** @throws UserError (exit code 2) for a file that names fewer than two classes, or has an empty line */
export function namesIn(bytes: Uint8Array, file: string): string[] {
  const names = decodeText(bytes).trimEnd().split(/\r?\n/);
  const empty = names.findIndex((name) => name.trim() === '');
  if (empty < 0 && names.length >= 2) return names;
  throw usageError(
    empty < 0
      ? `the labels ${file} name one class`
      : `the labels ${file} are empty in line ${empty + 1}: every line after it would name another class`,
    'Give a text file with one name a line, at least two, in the order of the graph’s output.',
  );
}
