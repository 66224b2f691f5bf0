import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MANIFEST = 'package.json';
/** `name` of the repository's own package.json. */
const REPOSITORY = 'servelab';

/** Root of the checkout that a module of one of our packages runs from; null where the package is installed. */
export function checkoutOf(moduleUrl: string): string | null {
  const root = join(packageFolder(moduleUrl), '..', '..');
  const manifest = join(root, MANIFEST);
  if (!existsSync(manifest)) return null;
  const { name } = JSON.parse(readFileSync(manifest, 'utf8')) as { name?: unknown };
  return name === REPOSITORY ? root : null;
}

/**
 * A file or folder of the repository: its own in a checkout, else the copy that the package ships at the same path
 * (`scripts/prepack.mjs` makes it).
 */
export function repositoryPath(moduleUrl: string, ...path: readonly string[]): string {
  return join(checkoutOf(moduleUrl) ?? packageFolder(moduleUrl), ...path);
}

/** Nearest folder above the module with a package.json. */
function packageFolder(moduleUrl: string): string {
  let folder = dirname(fileURLToPath(moduleUrl));
  while (!existsSync(join(folder, MANIFEST))) {
    if (dirname(folder) === folder) throw new Error(`${moduleUrl} is not in a package`);
    folder = dirname(folder);
  }
  return folder;
}
