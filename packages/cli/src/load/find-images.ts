import { constants, type Dirent, type Stats } from 'node:fs';
import { access, readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { environmentError } from '@servelab/core';
import { errorCode } from '@servelab/node';

const IMAGE = /\.(jpe?g|jpe|jfif|png|webp|gif|avif|tiff?)$/i;

export interface FoundImages {
  /** In the order of their paths. */
  readonly paths: readonly string[];
  /** What has the name of an image and cannot be sent. */
  readonly skipped: readonly SkippedFile[];
}

export interface SkippedFile {
  readonly path: string;
  readonly reason: 'empty' | 'a folder' | 'a dead link' | 'not a file' | 'not readable';
}

/**
 * A file as it is, or the images of a folder. Names that begin with a dot are left out: macOS writes `._cat.jpg`
 * beside `cat.jpg` on disks of others, and it is no image.
 *
 * @param recursive the images of its sub-folders as well; each folder once, whatever links lead to it
 * @throws UserError (exit code 3) when there is none
 */
export async function findImages(path: string, recursive: boolean): Promise<FoundImages> {
  try {
    if (!(await stat(path)).isDirectory()) return { paths: [path], skipped: [] };
    const found = await inFolder(path, recursive, new Set());
    if (found.paths.length > 0) return found;
    throw noImages(path, recursive, found.skipped);
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    throw environmentError(`${path} cannot be read (${code})`, 'Name an image or a folder of images.', error);
  }
}

/** @param seen real paths of the folders that were looked into: a link may lead back up */
async function inFolder(folder: string, recursive: boolean, seen: Set<string>): Promise<FoundImages> {
  const real = await realpath(folder);
  if (seen.has(real)) return { paths: [], skipped: [] };
  seen.add(real);
  const paths: string[] = [];
  const skipped: SkippedFile[] = [];
  for (const entry of await visibleEntries(folder)) {
    const path = join(folder, entry.name);
    const isNamedSo = IMAGE.test(entry.name);
    const isFolder = recursive && (await leadsToFolder(entry, path));
    if (isFolder) {
      const below = await inFolder(path, recursive, seen).catch((): FoundImages => unreadable(path));
      paths.push(...below.paths);
      skipped.push(...below.skipped);
    } else if (isNamedSo) {
      const reason = await whyNot(path);
      if (reason === null) paths.push(path);
      else skipped.push({ path, reason });
    }
  }
  return { paths, skipped };
}

async function visibleEntries(folder: string): Promise<Dirent[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.filter(({ name }) => !name.startsWith('.')).sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function leadsToFolder(entry: Dirent, path: string): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  return await stat(path).then(
    (target) => target.isDirectory(),
    () => false,
  );
}

const unreadable = (path: string): FoundImages => ({
  paths: [],
  skipped: [{ path, reason: 'not readable' }],
});

/** Why a file with the name of an image cannot be sent; null where it can. */
async function whyNot(path: string): Promise<SkippedFile['reason'] | null> {
  let found: Stats;
  try {
    found = await stat(path);
  } catch (error) {
    const code = errorCode(error);
    return code === 'ENOENT' || code === 'ELOOP' ? 'a dead link' : 'not readable';
  }
  if (found.isDirectory()) return 'a folder';
  // Reading a pipe would wait for ever.
  if (!found.isFile()) return 'not a file';
  if (found.size === 0) return 'empty';
  return await access(path, constants.R_OK).then(
    () => null,
    () => 'not readable' as const,
  );
}

/** How many files a warning names. */
const NAMED = 5;

/** One sentence for the terminal; null where nothing was skipped. */
export function skippedWords(skipped: readonly SkippedFile[]): string | null {
  if (skipped.length === 0) return null;
  const named = skipped.slice(0, NAMED).map(({ path, reason }) => `${path} (${reason})`);
  const more = skipped.length - named.length;
  return `skipped: ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function noImages(path: string, recursive: boolean, skipped: readonly SkippedFile[]): Error {
  const why = skippedWords(skipped);
  return environmentError(
    `there is no image in ${path}${why === null ? '' : `; ${why}`}`,
    recursive
      ? 'Name a folder with JPEG, PNG, WebP, GIF, AVIF or TIFF files.'
      : 'Name a folder with JPEG, PNG, WebP, GIF, AVIF or TIFF files, or add --recursive for its sub-folders.',
  );
}
