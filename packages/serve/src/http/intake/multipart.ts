import { RequestError } from '../request-error.js';
import type { Intake } from './intake.js';
import { requireImages } from './require-images.js';

const FIELDS = new Set(['file', 'files']);
/** More parts than this and no browser or script sent them in earnest. */
const MAX_PARTS = 1000;
const MAX_HEADER_BYTES = 8192;
const CRLF = Buffer.from('\r\n');
const END_OF_HEADERS = Buffer.from('\r\n\r\n');
const DASH = 0x2d;

interface Part {
  readonly name: string | undefined;
  readonly isFile: boolean;
  /** Points into the body: nothing is copied. */
  readonly bytes: Buffer;
}

/** `multipart/form-data` (RFC 7578) with one or more file parts named `file` or `files`. */
export const multipart: Intake = (body, contentType, maxImages) => {
  const files: Buffer[] = [];
  for (const { name, isFile, bytes } of parts(body, boundaryOf(contentType))) {
    if (isFile && name !== undefined && FIELDS.has(name)) files.push(bytes);
  }
  requireImages(files.length, maxImages);
  return { images: files, listed: files.length > 1 };
};

function boundaryOf(contentType: string): string {
  const match = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))\s*(?:;|$)/i.exec(contentType);
  const boundary = match?.[1] ?? match?.[2];
  if (boundary === undefined) throw malformed('The content type names no boundary.');
  return boundary;
}

/**
 * ```
 * [preamble CRLF] --boundary CRLF headers CRLF CRLF bytes CRLF --boundary CRLF ... CRLF --boundary--
 *                 ^delimiter                        ^^^^^^ a part              closing delimiter^
 * ```
 */
function* parts(body: Buffer, boundary: string): Generator<Part> {
  const delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
  const opening = delimiter.subarray(CRLF.length);
  // The first delimiter may stand at the very start, where no line end comes before it.
  const startsAtOnce = body.subarray(0, opening.length).equals(opening);
  const first = startsAtOnce ? 0 : body.indexOf(delimiter);
  if (first === -1) throw malformed('The body does not contain its boundary.');
  let at = first + (startsAtOnce ? opening.length : delimiter.length);

  for (let count = 0; !(body[at] === DASH && body[at + 1] === DASH); count++) {
    if (count === MAX_PARTS) throw new RequestError('too_many_images', `A form may have ${MAX_PARTS} parts.`);
    const headersStart = at + CRLF.length;
    // A part without headers has its blank line right here: search from the delimiter's own line end.
    const headersEnd = body.subarray(at, headersStart + MAX_HEADER_BYTES).indexOf(END_OF_HEADERS);
    if (!body.subarray(at, headersStart).equals(CRLF) || headersEnd === -1) {
      throw malformed('A part has no proper headers.');
    }
    const bytesStart = at + headersEnd + END_OF_HEADERS.length;
    const bytesEnd = body.indexOf(delimiter, bytesStart - CRLF.length);
    if (bytesEnd === -1) throw malformed('The last part is cut off.');
    const headers = body.toString(
      'utf8',
      headersStart,
      Math.max(headersStart, bytesStart - END_OF_HEADERS.length),
    );
    yield describePart(headers, body.subarray(bytesStart, Math.max(bytesStart, bytesEnd)));
    at = bytesEnd + delimiter.length;
  }
}

const DISPOSITION = /^content-disposition:\s*form-data\s*;(.*)$/im;
const NAME = /(?:^|[;\s])name="?([^";]*)"?/i;
const FILE_NAME = /(?:^|[;\s])filename\*?=/i;
const FILE_TYPE = /^content-type:\s*(?:image\/|application\/octet-stream)/im;

/** A part is a file when it says so by a file name or by its type; anything else is a text field. */
function describePart(headers: string, bytes: Buffer): Part {
  const parameters = DISPOSITION.exec(headers)?.[1] ?? '';
  return {
    name: NAME.exec(parameters)?.[1],
    isFile: FILE_NAME.test(parameters) || FILE_TYPE.test(headers),
    bytes,
  };
}

/** Without a readable form there is no file part either. */
function malformed(detail: string): RequestError {
  return new RequestError('missing_image', detail);
}
