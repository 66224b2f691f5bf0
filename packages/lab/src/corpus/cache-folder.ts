import { homedir } from 'node:os';
import { join } from 'node:path';

export type Environment = Readonly<Record<string, string | undefined>>;

/** `SERVELAB_CACHE_DIR`, else `servelab` in the user's cache folder. */
export function cacheFolder(environment: Environment): string {
  const named = environment.SERVELAB_CACHE_DIR;
  if (named !== undefined && named !== '') return named;
  return join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'servelab');
}
