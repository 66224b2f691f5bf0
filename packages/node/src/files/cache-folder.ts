import { mkdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { isOwnFile } from './file-owner.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** `SERVELAB_CACHE_DIR`, else `servelab` in the user's cache folder. */
export function cacheFolder(environment: Environment): string {
  const named = environment.SERVELAB_CACHE_DIR;
  if (named !== undefined && named !== '') return named;
  return join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'servelab');
}

/** The content of the cache is for the user alone; a file that exists is never written into. */
export const CACHE_FILE = { mode: 0o600, flag: 'wx' } as const;
export const CACHE_FOLDER_MODE = 0o700;

export const makeCacheFolder = async (path: string): Promise<void> =>
  void (await mkdir(path, { recursive: true, mode: CACHE_FOLDER_MODE }));

/** False for a file that does not exist, or that another user may have put into a shared cache. */
export async function isOwnCacheFile(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found !== null && isOwnFile(found, process.getuid?.());
}
