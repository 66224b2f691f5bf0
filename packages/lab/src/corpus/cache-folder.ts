import { mkdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { isOwnFile } from '@servelab/core';

export type Environment = Readonly<Record<string, string | undefined>>;

/** `SERVELAB_CACHE_DIR`, else `servelab` in the user's cache folder. */
export function cacheFolder(environment: Environment): string {
  const named = environment.SERVELAB_CACHE_DIR;
  if (named !== undefined && named !== '') return named;
  return join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'servelab');
}

/** What lies in the cache is the user's alone; a file that is there already is never written into. */
export const CACHE_FILE = { mode: 0o600, flag: 'wx' } as const;

export const makeCacheFolder = async (path: string): Promise<void> =>
  void (await mkdir(path, { recursive: true, mode: 0o700 }));

/** False for a file that is not there, or that somebody else may have put into a cache that is shared. */
export async function isOwnCacheFile(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found !== null && isOwnFile(found, process.getuid?.());
}
