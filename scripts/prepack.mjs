// Run by npm in the folder of a package: before it is packed, copies into it the licence and the named folders of the
// repository that it ships; afterwards (--clean) removes the copies. `repositoryPath` finds them in an installed package.
import { cp, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const LICENSE = 'LICENSE';
/** Checks of this repository's own, and what Python leaves behind. */
const LEFT_OUT = new Set([
  'lint',
  'schemathesis',
  'pyproject.toml',
  '__pycache__',
  '.ruff_cache',
  '.pytest_cache',
]);

const [, , ...given] = process.argv;
if (given[0] === '--clean') {
  const { files } = JSON.parse(await readFile('package.json', 'utf8'));
  for (const copy of [LICENSE, ...files.filter((name) => name !== 'dist')]) {
    await rm(copy, { recursive: true, force: true });
  }
} else {
  await cp(join(ROOT, LICENSE), LICENSE);
  for (const folder of given) {
    await cp(join(ROOT, folder), folder, {
      recursive: true,
      dereference: true,
      filter: (path) => !LEFT_OUT.has(basename(path)),
    });
  }
}
