import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { environmentError } from '@servelab/core';
import { CACHE_FILE, errorCode, isOwnCacheFile, publishFolder } from '@servelab/node';
import { type CorpusManifest, corpusManifestSchema, sha256, wholeHash } from './corpus-manifest.js';

const MANIFEST = 'manifest.json';

/** @returns the manifest of a corpus whose every image has its hash; null where there is none, or a damaged one */
export async function readCorpusFolder(folder: string): Promise<CorpusManifest | null> {
  try {
    // The hashes follow from the seed, but only by making every image: so the manifest has to be our own.
    if (!(await isOwnCacheFile(join(folder, MANIFEST)))) return null;
    const text = await readFile(join(folder, MANIFEST), 'utf8');
    const manifest = corpusManifestSchema.parse(JSON.parse(text));
    for (const image of manifest.images) {
      if (sha256(await readFile(join(folder, image.file))) !== image.sha256) return null;
    }
    return manifest.sha256 === wholeHash(manifest.images.map((image) => image.sha256)) ? manifest : null;
  } catch {
    return null; // made again: it is a cache
  }
}

/**
 * Makes the folder appear whole, in place of a damaged one.
 *
 * @throws UserError (exit code 3) where the cache cannot be written
 */
export async function publishCorpusFolder(
  folder: string,
  manifest: CorpusManifest,
  images: readonly Buffer[],
): Promise<void> {
  try {
    const fill = async (partial: string) => {
      for (const [index, { file }] of manifest.images.entries()) {
        await writeFile(join(partial, file), images[index] ?? '', CACHE_FILE);
      }
      await writeFile(join(partial, MANIFEST), `${JSON.stringify(manifest, null, 1)}\n`, CACHE_FILE);
    };
    await publishFolder(folder, fill, { replaced: true });
  } catch (error) {
    throw environmentError(
      `the image cache ${folder} cannot be written (${errorCode(error)})`,
      'Make room or give write permission, or name another folder in SERVELAB_CACHE_DIR.',
      error,
    );
  }
}
