// Run by npm in the folder of a package. Before it is packed: removes what was built from sources that are gone, and copies in
// the license and the named folders of the repository that it ships. Afterwards (--clean): removes the copies.
// `repositoryPath` finds them in an installed package.
import { existsSync } from 'node:fs';
import { cp, readdir, readFile, rm } from 'node:fs/promises';
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
  await removeStaleOutputs();
  await cp(join(ROOT, LICENSE), LICENSE);
  for (const folder of given) {
    await cp(join(ROOT, folder), folder, {
      recursive: true,
      dereference: true,
      filter: (path) => !LEFT_OUT.has(basename(path)),
    });
  }
}

/** A build leaves what it once made of a file that was moved or removed since. */
async function removeStaleOutputs() {
  const outputs = (await readdir('dist', { recursive: true })).filter((file) => file.endsWith('.js'));
  for (const stem of outputs.map((file) => file.slice(0, -'.js'.length))) {
    if (existsSync(join('src', `${stem}.ts`))) continue;
    for (const end of ['.js', '.js.map', '.d.ts']) await rm(join('dist', stem + end), { force: true });
  }
}
