import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { findImages, skippedWords } from './find-images.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'servelab-images-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function write(...names: string[]): Promise<void> {
  for (const name of names) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), 'bytes');
  }
}

/** Paths from the folder. */
async function found(recursive = false) {
  const { paths, skipped } = await findImages(folder, recursive);
  const short = (path: string) => path.slice(folder.length + 1);
  return {
    paths: paths.map(short),
    skipped: skipped.map(({ path, reason }) => [short(path), reason]),
  };
}

describe('a folder of images', () => {
  it('has every kind of image by its ending, in the order of their names', async () => {
    await write(
      'b.JPG',
      'a.jfif',
      'c.jpe',
      'd.jpeg',
      'e.png',
      'f.webp',
      'g.gif',
      'h.avif',
      'i.tif',
      'j.TIFF',
    );
    await write('notes.txt', 'k.svg', 'l.jpg.part', 'jpg');
    const names = [
      'a.jfif',
      'b.JPG',
      'c.jpe',
      'd.jpeg',
      'e.png',
      'f.webp',
      'g.gif',
      'h.avif',
      'i.tif',
      'j.TIFF',
    ];
    expect(await found()).toEqual({ paths: names, skipped: [] });
  });

  // macOS leaves ._NAME beside each file on a disk that is not its own: OpenNeuroOrg/openneuro#2520.
  it('leaves out names that begin with a dot, folders too', async () => {
    await write('cat.jpg', '._cat.jpg', '.hidden.png', '.thumbnails/cat.jpg', '__MACOSX/._cat.jpg');
    expect(await found(true)).toEqual({ paths: ['cat.jpg'], skipped: [] });
  });

  it('names what looks like an image and cannot be sent', async () => {
    await write('cat.jpg', 'target/inside.jpg');
    await writeFile(join(folder, 'empty.jpg'), '');
    await mkdir(join(folder, 'folder.jpg'));
    await symlink(join(folder, 'gone'), join(folder, 'dead.jpg'));
    await symlink(join(folder, 'loop.jpg'), join(folder, 'loop.jpg'));
    await symlink(join(folder, 'target'), join(folder, 'linked.jpg'));
    await symlink(join(folder, 'cat.jpg'), join(folder, 'link.jpg'));
    const socket = createServer().listen(join(folder, 'socket.jpg'));
    await once(socket, 'listening');
    onTestFinished(() => void socket.close());
    expect(await found()).toEqual({
      paths: ['cat.jpg', 'link.jpg'],
      skipped: [
        ['dead.jpg', 'a dead link'],
        ['empty.jpg', 'empty'],
        ['folder.jpg', 'a folder'],
        ['linked.jpg', 'a folder'],
        ['loop.jpg', 'a dead link'],
        ['socket.jpg', 'not a file'],
      ],
    });
  });

  it('names what may not be read', async ({ skip }) => {
    skip(process.getuid?.() === 0, 'root may read every file');
    await write('cat.jpg', 'secret.jpg', 'closed/a.jpg');
    await chmod(join(folder, 'secret.jpg'), 0);
    await chmod(join(folder, 'closed'), 0);
    const { paths, skipped } = await found(true);
    await chmod(join(folder, 'closed'), 0o700);
    expect(paths).toEqual(['cat.jpg']);
    expect(skipped).toEqual([
      ['closed', 'not readable'],
      ['secret.jpg', 'not readable'],
    ]);
  });

  it('gives those of its sub-folders where that is asked for, each folder once', async () => {
    await write('b/x.jpg', 'a/deep/y.png', 'z.jpg');
    await symlink(folder, join(folder, 'a', 'up'));
    await symlink(join(folder, 'b'), join(folder, 'c'));
    expect((await found(false)).paths).toEqual(['z.jpg']);
    expect((await found(true)).paths).toEqual(['a/deep/y.png', 'b/x.jpg', 'z.jpg']);
  });

  it('without any is refused, with what was skipped and where to look', async () => {
    await write('sub/cat.jpg');
    await writeFile(join(folder, 'empty.jpg'), '');
    await expect(findImages(folder, false)).rejects.toMatchObject({
      message: expect.stringMatching(/there is no image in .*empty\.jpg \(empty\)/),
      fix: expect.stringContaining('--recursive'),
    });
    expect((await found(true)).paths).toEqual(['sub/cat.jpg']);
    await expect(findImages(join(folder, 'nowhere'), false)).rejects.toThrow(/ENOENT/);
  });

  it('may be one file, whatever its name', async () => {
    await write('.odd');
    const path = join(folder, '.odd');
    expect(await findImages(path, false)).toEqual({ paths: [path], skipped: [] });
  });

  it('has a warning of bounded length', () => {
    const skipped = Array.from({ length: 1000 }, (_, n) => ({ path: `${n}.jpg`, reason: 'empty' as const }));
    expect(skippedWords([])).toBeNull();
    expect(skippedWords(skipped)).toMatch(/^skipped: 0\.jpg \(empty\), .*4\.jpg \(empty\) and 995 more$/);
  });
});
