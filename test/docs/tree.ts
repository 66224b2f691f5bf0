import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT } from '../fixtures/checkout.js';

/** Folders that hold no sources: installed, built, measured, or git's own. */
const NO_SOURCES = new Set([
  'node_modules',
  'dist',
  'coverage',
  '__pycache__',
  '.git',
  '.servelab',
  'runs',
  'tmp',
]);

/** Every source file and folder of the checkout; folders end in a slash. */
export const TREE: readonly string[] = entriesOf('');

function entriesOf(folder: string): readonly string[] {
  return readdirSync(join(CHECKOUT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}${entry.name}`;
    if (!entry.isDirectory()) return [path];
    return NO_SOURCES.has(entry.name) ? [] : [`${path}/`, ...entriesOf(`${path}/`)];
  });
}

const TOP_FOLDERS = TREE.filter((path) => /^[^/]+\/$/.test(path));

/** Whether code in a page names a source file or folder of this repository, whole or by its last parts. */
export function isSourcePath(code: string): boolean {
  // Words in capitals stand for something: `stacks/NAME/`.
  if (!/^\.?\w[\w.@-]*(?:\/[\w.@-]+)*\/?$/.test(code) || /(?:^|\/)[A-Z]{2,}(?:[/.]|$)/.test(code))
    return false;
  const [first = '', ...rest] = code.split('/');
  if (NO_SOURCES.has(first)) return false;
  return (
    code.endsWith('.ts') ||
    /\/.*(?:\.mjs|\/)$/.test(code) ||
    (rest.length > 0 && TOP_FOLDERS.includes(`${first}/`))
  );
}

/** Whether there is such a file or folder: `load/drive.ts` is the end of `packages/lab/src/load/drive.ts`. */
export function isInTree(path: string): boolean {
  const name = path.replace(/\/$/, '');
  return TREE.some((entry) => {
    const known = entry.replace(/\/$/, '');
    return known === name || known.endsWith(`/${name}`);
  });
}
