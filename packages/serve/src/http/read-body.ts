import type { IncomingMessage } from 'node:http';
import { RequestError } from './request-error.js';

export interface BodyLimits {
  readonly maxBodyBytes: number;
  readonly bodyTimeoutMs: number;
}

/**
 * The whole body as one buffer.
 *
 * An oversized body is refused as soon as that is known, and the rest is read and thrown away: ending the
 * connection at once would reset it, and the client would never see the answer. The time-out bounds that too.
 *
 * @throws RequestError `body_too_large`, `body_timeout` (the connection is then closed), or
 *   `client_closed_request`
 */
export function readBody(
  request: IncomingMessage,
  { maxBodyBytes, bodyTimeoutMs }: BodyLimits,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    let refused = false;

    const timer = setTimeout(() => {
      if (refused) request.destroy();
      else
        fail('body_timeout', `The body was not complete after ${bodyTimeoutMs} ms.`, { connection: 'close' });
    }, bodyTimeoutMs);
    const settle = () => {
      clearTimeout(timer);
      request.off('data', onData).off('end', onEnd).off('close', onClose).off('error', onClose);
    };
    const fail = (...error: ConstructorParameters<typeof RequestError>) => {
      settle();
      reject(new RequestError(...error));
    };
    const onData = (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBodyBytes) refuse();
      else chunks.push(chunk);
    };
    const refuse = () => {
      if (refused) return;
      refused = true;
      chunks.length = 0;
      reject(new RequestError('body_too_large', `The body is larger than ${maxBodyBytes} bytes.`));
    };
    const onEnd = () => {
      settle();
      if (!refused)
        resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, bytes));
    };
    const onClose = () => fail('client_closed_request', 'The client left while it was sending the body.');

    request.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose);
    if (Number(request.headers['content-length'] ?? 0) > maxBodyBytes) refuse();
  });
}
