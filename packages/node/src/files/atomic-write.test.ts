import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { publishFolder, replaceAtomically, writeAtomically } from './atomic-write.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'servelab-atomic-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('writeAtomically', () => {
  it('replaces a file, with the permissions asked for, and leaves nothing beside it', async () => {
    const path = join(folder, 'a.json');
    await writeFile(path, 'old');
    await writeAtomically(path, 'new', { mode: 0o600 });
    expect(await readFile(path, 'utf8')).toBe('new');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['a.json']);
  });

  it('keeps the old file where the new one cannot be written', async () => {
    const path = join(folder, 'a.json');
    await writeFile(path, 'old');
    const failing = replaceAtomically(path, async (partial) => {
      await writeFile(partial, 'half');
      throw new Error('disk full');
    });
    await expect(failing).rejects.toThrow('disk full');
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['a.json']);
  });

  it('lets concurrent writers each write the whole of theirs', async () => {
    const path = join(folder, 'a.json');
    const texts = Array.from({ length: 20 }, (_, index) => String(index).repeat(10_000));
    await Promise.all(texts.map((text) => writeAtomically(path, text)));
    expect(texts).toContain(await readFile(path, 'utf8'));
    expect(await readdir(folder)).toEqual(['a.json']);
  });
});

describe('publishFolder', () => {
  const fillWith = (text: string) => (partial: string) => writeFile(join(partial, 'file'), text);

  it('makes the folder and its parents', async () => {
    const path = join(folder, 'one', 'two');
    await publishFolder(path, fillWith('new'));
    expect(await readFile(join(path, 'file'), 'utf8')).toBe('new');
    expect(await readdir(join(folder, 'one'))).toEqual(['two']);
  });

  it('keeps a folder that is there, unless it is to be replaced', async () => {
    const path = join(folder, 'one');
    await mkdir(path);
    await writeFile(join(path, 'file'), 'old');
    await publishFolder(path, fillWith('new'));
    expect(await readFile(join(path, 'file'), 'utf8')).toBe('old');
    await publishFolder(path, fillWith('new'), { replaced: true });
    expect(await readFile(join(path, 'file'), 'utf8')).toBe('new');
    expect(await readdir(folder)).toEqual(['one']);
  });

  it('leaves nothing where it cannot be filled', async () => {
    const failing = publishFolder(join(folder, 'one'), async () => {
      throw new Error('disk full');
    });
    await expect(failing).rejects.toThrow('disk full');
    expect(await readdir(folder)).toEqual([]);
  });
});
