import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EXIT, environmentError, UserError } from '@servelab/core';
import { errorCode } from '@servelab/node';
import type { ModelManifest, PinnedFile } from './model-manifest.js';
import type { ModelProgress } from './opened-model.js';
import { sha256 } from './sha256.js';

const FETCH_TIMEOUT_MS = 120_000;
/** Nothing that ONNX keeps in one file is larger: a server that never stops sending is cut off. */
const MAX_BYTES = 2 * 1024 ** 3;

/** Often enough to be seen moving, rarely enough for a log. */
const TELL_EVERY_BYTES = 1024 * 1024;

/** Neither the file nor any answer about it could be had; a wrong file is another matter. */
export class UnreachableSource extends UserError {
  constructor({ name, from, fix }: FileOrigin, reason: string, cause: unknown) {
    super(`${name} cannot be fetched from ${from} (${reason})`, fix, EXIT.environment, { cause });
  }
}

/** A file and where it is had. */
export interface FileOrigin {
  readonly name: string;
  /** For messages. */
  readonly from: string;
  /** Path or URL of the file itself. */
  readonly location: string;
  /** What to do where it cannot be had. */
  readonly fix: string;
}

/**
 * The folder that files of a model are fetched from: `SERVELAB_MODEL_SOURCE` (a directory or a URL), or
 * the pinned URL.
 */
export function sourceFolder(
  manifest: ModelManifest,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const named = environment.SERVELAB_MODEL_SOURCE;
  return named !== undefined && named !== '' ? named : manifest.sourceUrl;
}

export interface FetchOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ModelProgress) => void) | undefined;
}

/**
 * The bytes of a file, once they have proved to be the pinned ones.
 *
 * @throws UnreachableSource, or UserError (exit code 3) for a download that broke off or a wrong hash
 */
export async function fetchPinned(
  file: PinnedFile,
  folder: string,
  options: FetchOptions,
): Promise<Uint8Array> {
  const bytes = await fetchFile(originOf(file, folder), options);
  const actual = sha256(bytes);
  if (actual !== file.sha256) {
    throw environmentError(
      `${file.name} from ${folder} is not the pinned file: ${bytes.length} bytes with sha256 ${actual}, not ${file.sha256}`,
      'Fetch it again; if it stays so, name another copy in SERVELAB_MODEL_SOURCE.',
    );
  }
  return bytes;
}

function originOf({ name }: PinnedFile, folder: string): FileOrigin {
  const directory = folder.startsWith('file:') ? fileURLToPath(folder) : folder;
  return {
    name,
    from: folder,
    location: isUrl(folder) ? `${folder.replace(/\/$/, '')}/${name}` : join(directory, name),
    fix: `Connect to the network, or put ${name} into a directory and name that in SERVELAB_MODEL_SOURCE.`,
  };
}

export const isUrl = (location: string): boolean => /^https?:\/\//.test(location);

/**
 * The bytes of a file, whatever they are.
 *
 * @throws UnreachableSource, or UserError (exit code 3) for a download that broke off
 */
export async function fetchFile(origin: FileOrigin, options: FetchOptions): Promise<Uint8Array> {
  const { signal } = options;
  signal?.throwIfAborted();
  options.onProgress?.({ kind: 'fetching', file: origin.name, from: origin.from });
  if (isUrl(origin.location)) return await download(origin, options);
  try {
    return await readFile(origin.location, signal === undefined ? {} : { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw new UnreachableSource(origin, errorCode(error) ?? 'unreadable', error);
  }
}

async function download(origin: FileOrigin, options: FetchOptions): Promise<Uint8Array> {
  const { signal } = options;
  const timeout = AbortSignal.timeout(FETCH_TIMEOUT_MS);
  let response: Response;
  try {
    response = await fetch(origin.location, {
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
  } catch (error) {
    signal?.throwIfAborted();
    throw new UnreachableSource(origin, networkReason(error), error);
  }
  if (!response.ok || response.body === null) {
    await response.body?.cancel();
    throw new UnreachableSource(origin, `HTTP ${response.status}`, undefined);
  }
  try {
    return await readBody(origin.name, response, options);
  } catch (error) {
    signal?.throwIfAborted();
    throw environmentError(
      `the download of ${origin.name} from ${origin.from} broke off (${networkReason(error)})`,
      'Try again; nothing of it was kept.',
      error,
    );
  }
}

async function readBody(name: string, response: Response, { onProgress }: FetchOptions): Promise<Uint8Array> {
  const totalBytes = Number(response.headers.get('content-length')) || null;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  let toldBytes = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw new Error(`more than ${MAX_BYTES} bytes`);
    if (bytes - toldBytes >= TELL_EVERY_BYTES || bytes === totalBytes) {
      onProgress?.({ kind: 'fetched', file: name, bytes, totalBytes });
      toldBytes = bytes;
    }
  }
  return Buffer.concat(chunks);
}

/** fetch says "fetch failed" or "terminated"; its cause says why. */
function networkReason(error: unknown): string {
  const { cause, message } = error as Error & { cause?: { code?: string; message?: string } };
  return cause?.code ?? cause?.message ?? message;
}
