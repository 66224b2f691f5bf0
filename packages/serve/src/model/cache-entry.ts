import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CACHE_FILE } from '@servelab/node';
import { sha256 } from './sha256.js';

const INDEX = 'model.json';

/** The sha256 of each file, by its name. */
export type FileHashes = Readonly<Record<string, string>>;

/**
 * What one folder of the cache has to be. It follows from the manifest of the model, never from what lies in the
 * folder: who can put a graph there can put its hash beside it.
 */
export interface CacheIndex {
  readonly name: string;
  readonly synthetic: boolean;
  /** Of the source weights, or of the f32 graph where these are synthetic. */
  readonly sha256: string;
  readonly files: FileHashes;
}

export interface CacheEntry extends CacheIndex {
  readonly folder: string;
}

/** Writes files and, last, an index of them, which is for people and says that the folder is whole. */
export async function writeEntry(
  folder: string,
  index: CacheIndex,
  contents: Readonly<Record<string, Uint8Array>>,
): Promise<void> {
  for (const [name, bytes] of Object.entries(contents)) {
    await writeFile(join(folder, name), bytes, CACHE_FILE);
  }
  await writeFile(join(folder, INDEX), `${JSON.stringify(index, null, 2)}\n`, CACHE_FILE);
}

/** @returns null where there is no such entry */
export async function readEntry(folder: string, index: CacheIndex): Promise<CacheEntry | null> {
  return await access(join(folder, INDEX)).then(
    () => ({ ...index, folder }),
    () => null,
  );
}

export interface FileCheck {
  readonly file: string;
  readonly state: 'ok' | 'changed' | 'missing';
  /** null where it is missing. */
  readonly bytes: number | null;
}

export async function checkFiles({ folder, files }: CacheEntry): Promise<FileCheck[]> {
  return await Promise.all(
    Object.entries(files).map(async ([file, expected]): Promise<FileCheck> => {
      const bytes = await readFile(join(folder, file)).catch(() => null);
      if (bytes === null) return { file, state: 'missing', bytes: null };
      return { file, state: sha256(bytes) === expected ? 'ok' : 'changed', bytes: bytes.length };
    }),
  );
}
