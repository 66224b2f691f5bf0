import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { environmentError } from '@servelab/core';
import {
  CACHE_FILE,
  cacheFolder,
  type Environment,
  errorCode,
  makeCacheFolder,
  writeAtomically,
} from '@servelab/node';
import { PHOTOGRAPHS, PHOTOGRAPHS_URL, type Photograph } from './photographs.js';

/** The value of `SERVELAB_IMAGE_SOURCE` that asks for generated pictures, photographs or no. */
const NO_PHOTOGRAPHS = 'generated';
const FETCH_TIMEOUT_MS = 20_000;

export interface StoredPhotograph extends Photograph {
  readonly path: string;
}

/**
 * The six photographs as files, each proved by its hash: from `SERVELAB_IMAGE_SOURCE` (a directory, a URL,
 * or `generated` for none), else from the cache, else from the pinned URL (kept in the cache).
 *
 * @returns null when there is no way to have them: no network, no source, or none wanted
 * @throws UserError (exit code 3) for a file with another hash, or a named source without the files
 */
export async function findPhotographs(environment: Environment): Promise<StoredPhotograph[] | null> {
  const named = environment.SERVELAB_IMAGE_SOURCE;
  if (named === NO_PHOTOGRAPHS) return null;
  const source = named || PHOTOGRAPHS_URL;
  const cache = join(cacheFolder(environment), 'images');
  const found: StoredPhotograph[] = [];
  for (const photograph of PHOTOGRAPHS) {
    const path = await (isUrl(source)
      ? download(photograph, source, cache)
      : checked(photograph, join(source, photograph.name)));
    if (path === null && named) throw missing(photograph, named);
    if (path === null) return null;
    found.push({ ...photograph, path });
  }
  return found;
}

const isUrl = (source: string): boolean => /^https?:\/\//.test(source);

async function download(photograph: Photograph, url: string, cache: string): Promise<string | null> {
  const path = join(cache, photograph.sha256, photograph.name);
  const cached = await checked(photograph, path);
  if (cached !== null) return cached;
  const bytes = await fetchBytes(`${url.replace(/\/$/, '')}/${photograph.name}`);
  if (bytes === null) return null;
  requireHash(photograph, bytes, url);
  await makeCacheFolder(join(cache, photograph.sha256));
  await writeAtomically(path, bytes, CACHE_FILE);
  return path;
}

/** Null for whatever a missing network looks like: the caller has something to fall back on. */
async function fetchBytes(url: string): Promise<Buffer | null> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
    return response.ok ? Buffer.from(await response.arrayBuffer()) : null;
  } catch {
    return null;
  }
}

async function checked(photograph: Photograph, path: string): Promise<string | null> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
  requireHash(photograph, bytes, path);
  return path;
}

function requireHash({ name, sha256 }: Photograph, bytes: Buffer, from: string): void {
  const actual = createHash('sha256').update(bytes).digest('hex');
  if (actual === sha256) return;
  throw environmentError(
    `${name} from ${from} is not the pinned photograph: sha256 ${actual}, not ${sha256}`,
    'Remove it, or name another copy in SERVELAB_IMAGE_SOURCE.',
  );
}

const missing = ({ name }: Photograph, source: string) =>
  environmentError(
    `SERVELAB_IMAGE_SOURCE is ${source}, and ${name} is not there`,
    'Name a directory or URL that has all six photographs, or unset the variable.',
  );
