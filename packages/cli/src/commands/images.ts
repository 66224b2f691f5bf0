import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { EXIT, environmentError, type OptionTable, usageError } from '@servelab/core';
import { obtainImages } from '../bench/obtain-images.js';
import { defineCommand } from '../command.js';
import { untilInterrupted } from '../interrupted.js';

const OPTIONS = {
  mix: {
    type: 'string',
    default: '224',
    choices: ['224', '720p', 'phone'],
    doc: 'Dimensions of the images: 224 x 224, 1280 x 720 or 4032 x 3024.',
  },
  seed: { type: 'integer', default: 1, min: 0, max: 2 ** 31 - 1, doc: 'Decides how they are cut.' },
  out: {
    type: 'string',
    default: null,
    placeholder: 'DIR',
    doc: 'Copy them there, for a container or another machine (default: show where they lie).',
  },
} as const satisfies OptionTable;

/** For load tools of others: the same images as our own driver sends. */
export const images = defineCommand({
  positionals: '',
  options: OPTIONS,
  async run({ positionals, options, terminal, signal }) {
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
        await untilInterrupted(signal, async () =>
          writeFile(join(out, basename(file)), await readFile(file)),
        );
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw environmentError(`${out} cannot be written (${code})`, 'Name another folder with --out.', error);
    }
    terminal.out(out);
    return EXIT.ok;
  },
});
