import {
  brotliDecompressSync,
  constants,
  gunzipSync,
  inflateRawSync,
  inflateSync,
  type ZlibOptions,
} from 'node:zlib';
import { excerpt } from '@servelab/core';
import { errorCode } from '@servelab/node';

/** What an answer may be once it is decoded: its size on the way says nothing of that. */
const DECODED_LIMIT_BYTES = 16 * 1024 * 1024;
/** A server has no reason to apply more. */
const MOST_ENCODINGS = 3;
const LONGEST_SHOWN = 40;
const DEFLATE_METHOD = 8;

const DECODERS: Readonly<Record<string, (body: Buffer, options: ZlibOptions) => Buffer>> = {
  gzip: gunzipSync,
  'x-gzip': gunzipSync,
  deflate: inflateEither,
  br: (body, { maxOutputLength, finishFlush }) =>
    brotliDecompressSync(body, {
      ...(maxOutputLength !== undefined && { maxOutputLength }),
      ...(finishFlush !== undefined && { finishFlush: constants.BROTLI_OPERATION_FLUSH }),
    }),
  identity: (body) => body,
  '': (body) => body,
};

/** The body of an answer cannot be decoded; the message is the reason. */
export class UndecodableAnswer extends Error {
  override readonly name = 'UndecodableAnswer';
}

/**
 * Takes the encodings of a body off, the last first (RFC 9110, 8.4).
 *
 * @param contentEncoding as the header has it, in small letters
 * @param beginning whether the body is only the beginning of one, of which as much is decoded as can be
 * @throws UndecodableAnswer
 */
export function decodeContent(body: Buffer, contentEncoding: string, beginning = false): Buffer {
  if (contentEncoding === '') return body;
  const encodings = contentEncoding.split(',', MOST_ENCODINGS + 1).map((one) => one.trim());
  if (encodings.length > MOST_ENCODINGS) throw unknown(contentEncoding);
  const options = {
    maxOutputLength: DECODED_LIMIT_BYTES,
    ...(beginning && { finishFlush: constants.Z_SYNC_FLUSH }),
  };
  return encodings.reduceRight((bytes, encoding) => decodeOne(bytes, encoding, options), body);
}

function decodeOne(body: Buffer, encoding: string, options: ZlibOptions): Buffer {
  const decode = Object.hasOwn(DECODERS, encoding) ? DECODERS[encoding] : undefined;
  if (decode === undefined) throw unknown(encoding);
  try {
    return decode(body, options);
  } catch (error) {
    if (errorCode(error) === 'ERR_BUFFER_TOO_LARGE') {
      throw new UndecodableAnswer(
        `the answer is over ${DECODED_LIMIT_BYTES / 2 ** 20} MiB once it is decoded`,
      );
    }
    throw new UndecodableAnswer(`the answer is no ${encoding}, which its Content-Encoding says`);
  }
}

/** RFC 9110 means the zlib format; some servers send the bare one. */
function inflateEither(body: Buffer, options: ZlibOptions): Buffer {
  const isZlib = ((body[0] ?? 0) & 0x0f) === DEFLATE_METHOD && body.subarray(0, 2).readUInt16BE() % 31 === 0;
  return isZlib ? inflateSync(body, options) : inflateRawSync(body, options);
}

const unknown = (encoding: string) =>
  new UndecodableAnswer(`Content-Encoding "${excerpt(encoding, LONGEST_SHOWN)}" is not read`);
