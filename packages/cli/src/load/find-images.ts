import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { environmentError } from '@servelab/core';

const IMAGE = /\.(jpe?g|png|webp|gif|avif|tiff?)$/i;

/**
 * A file as it is, or the images of a folder in the order of their names.
 *
 * @throws UserError (exit code 3) when there is none
 */
export async function findImages(path: string): Promise<string[]> {
  let names: string[];
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    names = await readdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw environmentError(`${path} cannot be read (${code})`, 'Name an image or a folder of images.', error);
  }
  const images = names.filter((name) => IMAGE.test(name)).sort();
  if (images.length === 0) {
    throw environmentError(`no image lies in ${path}`, 'Name a folder with JPEG, PNG or WebP files.');
  }
  return images.map((name) => join(path, name));
}
