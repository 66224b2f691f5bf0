import type { IncomingMessage } from 'node:http';
import type { BodyBudget } from './body-budget.js';
import { type BodyCollector, bodyCollector } from './body-collector.js';
import { RequestError } from './request-error.js';

export interface BodyLimits {
  readonly maxBodyBytes: number;
  readonly bodyTimeoutMs: number;
}

/**
 * The whole body as one buffer. Its bytes are taken from the budget; the caller gives them back.
 *
 * A body that is too much is refused as soon as that is known, and the rest is read and thrown away: ending
 * the connection at once would reset it, and the client would never see the answer. The time-out bounds
 * that too.
 *
 * @throws RequestError `body_too_large`, `queue_full` (the budget is spent), `body_timeout` (the connection
 *   is then closed), or `client_closed_request`; nothing stays taken
 */
export function readBody(
  request: IncomingMessage,
  { maxBodyBytes, bodyTimeoutMs }: BodyLimits,
  budget: BodyBudget,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const declaredBytes = Number(request.headers['content-length'] ?? 0);
    /** Null once the body is refused. */
    let collector: BodyCollector | null = declaredBytes > maxBodyBytes ? null : bodyCollector(declaredBytes);
    let bytes = 0;

    const refuse = (error: RequestError) => {
      if (collector === null) return;
      collector = null;
      budget.giveBack(bytes);
      reject(error);
    };
    const settle = () => {
      clearTimeout(timer);
      request.off('data', onData).off('end', onEnd).off('close', onClose).off('error', onClose);
    };
    const onData = (chunk: Buffer) => {
      if (collector === null) return;
      if (bytes + chunk.length > maxBodyBytes) refuse(tooLarge(maxBodyBytes));
      else if (!budget.take(chunk.length)) refuse(tooManyBytes());
      else {
        bytes += chunk.length;
        collector.add(chunk);
      }
    };
    const onEnd = () => {
      settle();
      if (collector !== null) resolve(collector.whole());
    };
    const onClose = () => {
      settle();
      refuse(new RequestError('client_closed_request', 'The client left while it was sending the body.'));
    };
    const timer = setTimeout(() => {
      settle();
      if (collector === null) request.destroy();
      else refuse(tooSlow(bodyTimeoutMs));
    }, bodyTimeoutMs);

    request.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose);
    if (collector === null) reject(tooLarge(maxBodyBytes));
  });
}

const tooLarge = (maxBodyBytes: number) =>
  new RequestError('body_too_large', `The body is larger than ${maxBodyBytes} bytes.`);

const tooManyBytes = () =>
  new RequestError('queue_full', 'The bodies that wait fill --max-buffered-bytes; try again later.', {
    'retry-after': '1',
  });

const tooSlow = (bodyTimeoutMs: number) =>
  new RequestError('body_timeout', `The body was not complete after ${bodyTimeoutMs} ms.`, {
    connection: 'close',
  });
