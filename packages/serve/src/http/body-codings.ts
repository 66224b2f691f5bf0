import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';
import { quoted } from './quoted.js';
import { RequestError } from './request-error.js';

const KIB = 1024;
const MIB = 1024 * KIB;
/** Bytes that a decompressor hands over at a time. */
const CHUNK_BYTES = 64 * KIB;
const OPTIONS = { chunkSize: CHUNK_BYTES };

/** One way in which a body may be compressed. */
export interface ContentCoding {
  readonly name: string;
  readonly open: (body: Buffer) => Transform & { readonly bytesWritten: number };
  /** Memory of a decompressor, beside the part of the output that it looks back at. */
  readonly stateBytes: number;
  /** How far back it may look; it holds no more than it has put out. */
  readonly windowBytes: number;
}

const DEFLATE_MEMORY = { stateBytes: 16 * KIB + CHUNK_BYTES, windowBytes: 32 * KIB };

const GZIP: ContentCoding = { name: 'gzip', open: () => createGunzip(OPTIONS), ...DEFLATE_MEMORY };
const DEFLATE: ContentCoding = {
  name: 'deflate',
  // RFC 9110 means zlib's wrapping, whose first byte ends in 8; some clients leave it out.
  open: (body) => (((body[0] ?? 0) & 0x0f) === 8 ? createInflate(OPTIONS) : createInflateRaw(OPTIONS)),
  ...DEFLATE_MEMORY,
};
const BROTLI: ContentCoding = {
  name: 'br',
  open: () => createBrotliDecompress(OPTIONS),
  stateBytes: 4 * MIB,
  windowBytes: 16 * MIB,
};

const CODINGS: ReadonlyMap<string, ContentCoding> = new Map([
  ['gzip', GZIP],
  ['x-gzip', GZIP],
  ['deflate', DEFLATE],
  ['br', BROTLI],
]);

/** As `Accept-Encoding` and the documents name them. */
export const CONTENT_CODINGS: readonly string[] = [GZIP, DEFLATE, BROTLI].map(({ name }) => name);

/**
 * What `Content-Encoding` says; null for a body as it is.
 *
 * @throws RequestError `unsupported_content_encoding` for a coding that is not known, and for one on top of another,
 *   which only hides what a body expands to
 */
export function contentCoding(header: string | undefined): ContentCoding | null {
  if (header === undefined) return null;
  const [name, ...others] = codings(header).filter((coding) => coding !== 'identity');
  if (name === undefined) return null;
  const coding = CODINGS.get(name);
  if (coding !== undefined && others.length === 0) return coding;
  const said = quoted(header);
  throw new RequestError(
    'unsupported_content_encoding',
    coding === undefined
      ? `Content-Encoding ${said} is not taken; send ${CONTENT_CODINGS.join(', ')} or an uncompressed body.`
      : `Content-Encoding ${said} names several codings; compress the body once.`,
    { 'accept-encoding': CONTENT_CODINGS.join(', ') },
  );
}

/**
 * Node takes a body apart by its chunks and leaves any other transfer coding on it.
 *
 * @throws RequestError `unsupported_transfer_encoding`
 */
export function requireOnlyChunked(header: string | undefined): void {
  if (header === undefined || codings(header).every((coding) => coding === 'chunked')) return;
  throw new RequestError(
    'unsupported_transfer_encoding',
    `Transfer-Encoding ${quoted(header)} is not taken; send chunked, and compress by Content-Encoding.`,
  );
}

const codings = (header: string): string[] =>
  header
    .split(',')
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '');
