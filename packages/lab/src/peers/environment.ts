import { createHash } from 'node:crypto';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder, type Environment, isOwnCacheFile } from '@servelab/node';
import { z } from 'zod';
import { lockFile } from './stacks-folder.js';

/** Written last: an environment without it is half made. */
const STAMP = 'servelab.json';

const stampSchema = z.object({
  name: z.string(),
  lock_sha256: z.string(),
  python: z.string(),
  installer: z.string(),
  seconds: z.number(),
});

/** What an environment says of itself. */
export type EnvironmentStamp = z.infer<typeof stampSchema>;

/** Where the Python environment of a stack belongs: another lock has another folder. */
export interface EnvironmentPlace {
  readonly name: string;
  readonly folder: string;
  readonly lockPath: string;
  readonly lockSha256: string;
}

export interface InstalledEnvironment extends EnvironmentPlace {
  readonly stamp: EnvironmentStamp;
}

/** A stack by its name, or any other lock file (tests do that). */
export async function environmentPlace(
  name: string,
  environment: Environment,
  lockPath: string = lockFile(name),
): Promise<EnvironmentPlace> {
  const lockSha256 = createHash('sha256')
    .update(await readFile(lockPath))
    .digest('hex');
  const folder = join(cacheFolder(environment), 'stacks', `${name}-${lockSha256.slice(0, 12)}`);
  return { name, folder, lockPath, lockSha256 };
}

/**
 * The environment of a stack as it was installed from its present lock file; starts no Python.
 *
 * @returns null where it is not installed, or the Python that it was made with is gone
 */
export async function findEnvironment(
  name: string,
  environment: Environment,
): Promise<InstalledEnvironment | null> {
  return await installedAt(await environmentPlace(name, environment));
}

export async function installedAt(place: EnvironmentPlace): Promise<InstalledEnvironment | null> {
  // Its programs are run: in a shared cache they have to be the user's, or root's.
  if (!(await isOwnCacheFile(join(place.folder, STAMP)))) return null;
  try {
    const stamp = stampSchema.parse(JSON.parse(await readFile(join(place.folder, STAMP), 'utf8')));
    await access(pythonOf(place.folder)); // a link to the Python it was made with
    return { ...place, stamp };
  } catch {
    return null;
  }
}

/**
 * The Python version that each of these environments was made with; the one of all where it is the same. Null for none.
 *
 * @param environments folders by the peer's name
 */
export async function pythonVersion(
  environments: Readonly<Record<string, string>>,
): Promise<string | Record<string, string> | null> {
  const versions: Record<string, string> = {};
  for (const [name, folder] of Object.entries(environments)) {
    versions[name] = stampSchema.parse(JSON.parse(await readFile(stampOf(folder), 'utf8'))).python;
  }
  const [first, ...others] = new Set(Object.values(versions));
  return others.length > 0 ? versions : (first ?? null);
}

export const pythonOf = (folder: string): string => join(folder, 'bin', 'python');
export const stampOf = (folder: string): string => join(folder, STAMP);
