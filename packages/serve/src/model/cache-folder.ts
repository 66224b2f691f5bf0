import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { environmentError } from '@servelab/core';

/** `SERVELAB_CACHE_DIR`, else `servelab` in the user's cache folder. */
export function cacheRoot(environment: Readonly<Record<string, string | undefined>>): string {
  if (environment.SERVELAB_CACHE_DIR) return environment.SERVELAB_CACHE_DIR;
  return join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'servelab');
}

/** What lies in the cache is the user's alone; a file that is there already is never written into. */
const FOLDER_MODE = 0o700;
export const CACHE_FILE = { mode: 0o600, flag: 'wx' } as const;

/**
 * Makes a folder appear whole or not at all: `fill` writes into a temporary neighbour, which is then renamed.
 * Where another process was faster, its folder stands and ours is dropped; both have the same content.
 *
 * @throws UserError (exit code 3) where the cache cannot be written
 */
export async function publishFolder(path: string, fill: (folder: string) => Promise<void>): Promise<void> {
  await writable(path, async () => {
    await mkdir(dirname(path), { recursive: true, mode: FOLDER_MODE });
    const partial = partialPath(path);
    await mkdir(partial, { mode: FOLDER_MODE });
    try {
      await fill(partial);
      await rename(partial, path).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
      });
    } finally {
      await rm(partial, { recursive: true, force: true });
    }
  });
}

/** Makes a file appear whole or not at all; throws as {@link publishFolder}. */
export async function publishFile(path: string, bytes: Uint8Array): Promise<void> {
  const partial = partialPath(path);
  await writable(path, async () => {
    await mkdir(dirname(path), { recursive: true, mode: FOLDER_MODE });
    try {
      await writeFile(partial, bytes, CACHE_FILE);
      await rename(partial, path);
    } finally {
      await rm(partial, { force: true });
    }
  });
}

const partialPath = (path: string) => `${path}.partial-${randomUUID()}`;

async function writable(path: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw environmentError(
      `the model cache cannot be written at ${path} (${code})`,
      'Make room or give write permission, or name another folder in SERVELAB_CACHE_DIR.',
      error,
    );
  }
}
