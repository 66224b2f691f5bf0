import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The version of a package that really lies in a Python environment, whatever the lock says.
 *
 * @returns null when it is not installed there
 */
export async function installedVersion(
  environmentFolder: string,
  distribution: string,
): Promise<string | null> {
  const lib = join(environmentFolder, 'lib');
  for (const python of await entries(lib)) {
    for (const name of await entries(join(lib, python, 'site-packages'))) {
      // PEP 627: `{name}-{version}.dist-info`, with - in the name written as _.
      const match = /^(?<name>[^-]+)-(?<version>[^-]+)\.dist-info$/.exec(name)?.groups;
      if (match?.name === distribution.replaceAll('-', '_')) return match.version ?? null;
    }
  }
  return null;
}

const entries = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);
