import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { EXIT, environmentError, usageError } from '@servelab/core';
import { abortable, errorCode } from '@servelab/node';
import { obtainImages } from '../bench/obtain-images.js';
import type { Invocation } from '../command.js';
import type { IMAGES_OPTIONS } from '../images/images-options.js';

/** For load tools of others: the same images as our own driver sends. */
export async function images({
  positionals,
  options,
  terminal,
  signal,
}: Invocation<typeof IMAGES_OPTIONS>): Promise<number> {
  if (positionals.length > 0) throw usageError('images takes no words', 'Name a folder with --out DIR.');
  const corpus = await obtainImages(options.mix, options.seed, terminal, signal);
  if (options.out === null) {
    terminal.out(corpus.folder);
    return EXIT.ok;
  }
  const { out } = options;
  const files = [join(corpus.folder, 'manifest.json'), ...corpus.images.map(({ path }) => path)];
  try {
    await mkdir(out, { recursive: true });
    // Not a copy of the file with its mode: those of the cache are for the user alone.
    for (const file of files)
      await abortable(signal, async () => writeFile(join(out, basename(file)), await readFile(file)));
  } catch (error) {
    const code = errorCode(error);
    throw environmentError(`${out} cannot be written (${code})`, 'Name another folder with --out.', error);
  }
  terminal.out(out);
  return EXIT.ok;
}
