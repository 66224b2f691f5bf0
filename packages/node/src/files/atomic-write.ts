import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from '../error-code.js';
import { CACHE_FOLDER_MODE } from './cache-folder.js';

/** Permissions of a new file: the process's default where none are given. */
export interface WriteOptions {
  readonly mode?: number;
}

/** Replaces the file in one step: a reader sees the old content or the new one. The folder must exist. */
export async function writeAtomically(
  path: string,
  data: string | Uint8Array,
  { mode }: WriteOptions = {},
): Promise<void> {
  await replaceAtomically(path, (partial) =>
    writeFile(partial, data, { flag: 'wx', ...(mode !== undefined && { mode }) }),
  );
}

/**
 * The same for content that is not in memory at once.
 *
 * @param write writes the whole of it to a path in the same folder; what it throws is passed on, and nothing is left
 */
export async function replaceAtomically(
  path: string,
  write: (partial: string) => Promise<void>,
): Promise<void> {
  const partial = partialPath(path);
  try {
    await write(partial);
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/**
 * Makes a folder appear whole or not at all, for its user alone. Where another process was faster, its folder stays: both
 * must have the same content.
 *
 * @param fill writes the content into a temporary neighbor of the folder
 * @param replaced true: a folder that is there already is removed first
 */
export async function publishFolder(
  path: string,
  fill: (folder: string) => Promise<void>,
  { replaced = false }: { readonly replaced?: boolean } = {},
): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: CACHE_FOLDER_MODE });
  const partial = partialPath(path);
  await mkdir(partial, { mode: CACHE_FOLDER_MODE });
  try {
    await fill(partial);
    if (replaced) await rm(path, { recursive: true, force: true });
    await rename(partial, path).catch((error: unknown) => {
      if (!['ENOTEMPTY', 'EEXIST'].includes(errorCode(error) ?? '')) throw error;
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

const partialPath = (path: string) => `${path}.partial-${randomUUID()}`;
