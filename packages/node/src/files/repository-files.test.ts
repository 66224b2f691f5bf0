import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkoutOf, repositoryPath } from './repository-files.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'servelab-repository-'));
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

/** URL of a module of a package in this folder. */
async function moduleIn(...folder: string[]): Promise<string> {
  const place = join(root, ...folder);
  await mkdir(join(place, 'dist', 'deep'), { recursive: true });
  await writeFile(join(place, 'package.json'), '{"name":"@servelab/lab"}');
  return pathToFileURL(join(place, 'dist', 'deep', 'module.js')).href;
}

describe('a file of the repository', () => {
  it('is the checkout’s own where the package is part of one', async () => {
    const module = await moduleIn('packages', 'lab');
    await writeFile(join(root, 'package.json'), '{"name":"servelab"}');
    expect(checkoutOf(module)).toBe(root);
    expect(repositoryPath(module, 'stacks', 'common')).toBe(join(root, 'stacks', 'common'));
  });

  it('is the package’s copy where it is installed, in a project of any other name', async () => {
    const module = await moduleIn('node_modules', '@servelab', 'lab');
    await writeFile(join(root, 'package.json'), '{"name":"servelab"}');
    await writeFile(join(root, 'node_modules', 'package.json'), '{"name":"other"}');
    expect(checkoutOf(module)).toBeNull();
    const copy = join(root, 'node_modules', '@servelab', 'lab', 'stacks');
    expect(repositoryPath(module, 'stacks')).toBe(copy);
  });

  it('is found by this package itself', () => {
    expect(checkoutOf(import.meta.url)).not.toBeNull();
  });
});
