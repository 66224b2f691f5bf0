import { basename } from 'node:path';
import { type FetchOptions, fetchFile, isUrl } from './model-source.js';
import { sha256 } from './sha256.js';

/**
 * A file that a manifest names, and its hash.
 *
 * @throws as `fetchFile`
 */
export async function fetchOwnFile(
  location: string,
  options: FetchOptions,
): Promise<{ bytes: Uint8Array; sha256: string }> {
  const origin = {
    name: fileName(location),
    from: location,
    location,
    fix: isUrl(location)
      ? 'Connect to the network, or download the file and name its path in the manifest.'
      : 'Correct the path in the manifest; it starts at the folder of the manifest.',
  };
  const bytes = await fetchFile(origin, options);
  return { bytes, sha256: sha256(bytes) };
}

/** Of a path or URL, without what a URL asks beside it. */
export const fileName = (location: string): string =>
  isUrl(location) ? basename(new URL(location).pathname) : basename(location);
