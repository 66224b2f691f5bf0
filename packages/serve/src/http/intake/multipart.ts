import { quoted } from '../quoted.js';
import { RequestError } from '../request-error.js';
import { decodeBase64 } from './base64.js';
import { type FormPart, malformed, PARTS_A_TURN, splitForm } from './form-parts.js';
import { parseParameters } from './header-parameters.js';
import type { InTurns } from './in-turns.js';
import type { IncomingImage, Intake } from './intake.js';
import { requireImages } from './require-images.js';

const FIELDS = ['file', 'files'];
/** RFC 2046 says 70, but some clients make longer ones. */
const MAX_BOUNDARY = 256;
/** Parts that are told where none carries an image. */
const PARTS_TOLD = 3;
/** They leave the bytes as they are. */
const UNENCODED: ReadonlySet<string> = new Set(['', '7bit', '8bit', 'binary']);

/**
 * `multipart/form-data` (RFC 7578) with one or more file parts named `file` or `files`. A parser of our own: the whole
 * body is there already, so that finding the boundaries is all the work, and no part is copied. docs/performance.md
 * compares it with @fastify/busboy, and a property test holds their answers together.
 */
export const multipart: Intake = function* (body, contentType, maxImages) {
  const parts = yield* splitForm(body, boundaryOf(contentType));
  const described: DescribedPart[] = [];
  for (const part of parts) {
    if (described.length % PARTS_A_TURN === PARTS_A_TURN - 1) yield;
    described.push(describePart(part));
  }
  const files = described.filter(({ kind }) => kind === 'file');
  if (files.length === 0) throw nothingIn(described);
  requireImages(files.length, maxImages);
  const images: IncomingImage[] = [];
  for (const file of files) images.push(yield* decodePart(file));
  return { images, listed: images.length > 1 };
};

function boundaryOf(contentType: string): string {
  const boundary = parseParameters(contentType).parameters.get('boundary') ?? '';
  if (boundary === '') throw malformed('The content type names no boundary.');
  if (boundary.length <= MAX_BOUNDARY) return boundary;
  throw malformed(`The boundary has ${boundary.length} characters; at most ${MAX_BOUNDARY} are taken.`);
}

interface DescribedPart extends FormPart {
  readonly name: string;
  readonly kind: 'file' | 'another name' | 'a text field' | 'no file chosen';
}

/** A part is a file when it says so by a file name or by its type; anything else is a text field. */
function describePart(part: FormPart): DescribedPart {
  const { value, parameters } = parseParameters(part.headers.get('content-disposition') ?? '');
  const name = value === 'form-data' ? (parameters.get('name') ?? '') : '';
  const fileName = parameters.get('filename*') ?? parameters.get('filename');
  const type = (part.headers.get('content-type') ?? '').toLowerCase();
  const isFile =
    fileName !== undefined || type.startsWith('image/') || type.startsWith('application/octet-stream');
  const kind = kindOf(name, isFile, fileName === '' && part.bytes.length === 0);
  return { headers: part.headers, bytes: part.bytes, name, kind };
}

function kindOf(name: string, isFile: boolean, isEmpty: boolean): DescribedPart['kind'] {
  if (!FIELDS.includes(name)) return 'another name';
  if (!isFile) return 'a text field';
  // What a browser sends for a file input that nobody used.
  return isEmpty ? 'no file chosen' : 'file';
}

/** Among several, base64 that is none fails alone. */
function* decodePart({ name, headers, bytes }: DescribedPart): InTurns<IncomingImage> {
  const encoding = headers.get('content-transfer-encoding')?.toLowerCase() ?? '';
  if (UNENCODED.has(encoding)) return bytes;
  if (encoding === 'base64') return (yield* decodeBase64(bytes)) ?? { code: 'invalid_base64' };
  throw new RequestError(
    'unsupported_content_encoding',
    `Content-Transfer-Encoding ${quoted(encoding)} of part ${quoted(name)} is not taken; send binary or base64.`,
  );
}

function nothingIn(parts: readonly DescribedPart[]): RequestError {
  const told = parts.slice(0, PARTS_TOLD).map(({ name, kind }) => {
    const part = `part ${quoted(name)}`;
    return kind === 'another name' ? part : `${part} (${kind === 'a text field' ? 'text, no file' : kind})`;
  });
  const found = told.length === 0 ? 'an empty form' : told.join(', ');
  return malformed(`Found ${found}; expected a file part named "file" or "files".`);
}
