import { dirname } from 'node:path';
import { environmentError } from '@servelab/core';
import { CACHE_FILE, errorCode, makeCacheFolder, publishFolder, writeAtomically } from '@servelab/node';

/**
 * Makes a folder of the model cache appear whole or not at all.
 *
 * @throws UserError (exit code 3) where the cache cannot be written
 */
export async function publishModelFolder(
  path: string,
  fill: (folder: string) => Promise<void>,
): Promise<void> {
  await writable(path, () => publishFolder(path, fill));
}

/** Makes a file appear whole or not at all; throws as {@link publishModelFolder}. */
export async function publishModelFile(path: string, bytes: Uint8Array): Promise<void> {
  await writable(path, async () => {
    await makeCacheFolder(dirname(path));
    await writeAtomically(path, bytes, CACHE_FILE);
  });
}

async function writable(path: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw environmentError(
      `the model cache cannot be written at ${path} (${errorCode(error)})`,
      'Make room or give write permission, or name another folder in SERVELAB_CACHE_DIR.',
      error,
    );
  }
}
