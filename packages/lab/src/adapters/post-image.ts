import { splitCredentials } from '@servelab/core';
import { request } from 'undici';
import type { EncodedBody } from './request-body.js';

/** No answer for an image is longer; whatever sends more is not read to its end. */
const ANSWER_LIMIT_BYTES = 4 * 1024 * 1024;

export interface WholeAnswer {
  readonly status: number;
  /** In small letters; '' where there is none. */
  readonly contentEncoding: string;
  readonly body: Buffer;
}

/**
 * Sends one image outside the measurement. Credentials in the URL are sent along.
 *
 * @throws Error for a server that cannot be reached, or does not come to an end
 */
export async function postImage(
  url: string,
  { contentType, bytes }: EncodedBody,
  signal: AbortSignal,
): Promise<WholeAnswer> {
  const address = splitCredentials(url);
  const { statusCode, headers, body } = await request(address.url, {
    method: 'POST',
    headers: { 'content-type': contentType, ...authorizationOf(address) },
    body: bytes,
    signal,
  });
  const encoding = [headers['content-encoding'] ?? []].flat().join(',').toLowerCase();
  return { status: statusCode, contentEncoding: encoding, body: await whole(body) };
}

export const authorizationOf = ({
  authorization,
}: ReturnType<typeof splitCredentials>): { authorization?: string } =>
  authorization === null ? {} : { authorization };

async function whole(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let left = ANSWER_LIMIT_BYTES;
  // Leaving the loop destroys the body, and with it the connection.
  for await (const piece of body) {
    left -= piece.length;
    if (left < 0) throw new Error(`the answer is over ${ANSWER_LIMIT_BYTES / 2 ** 20} MiB`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
