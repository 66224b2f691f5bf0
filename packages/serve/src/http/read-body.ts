import type { IncomingMessage } from 'node:http';
import type { BodyArena } from '../shared-memory/body-arena.js';
import type { BodyBudget, HeldBody } from './body-budget.js';
import type { ContentCoding } from './body-codings.js';
import { BodyCollector, overLimit } from './body-collector.js';
import { decompressBody } from './decompress-body.js';
import { readPace } from './read-pace.js';
import { RequestError } from './request-error.js';

export interface BodyLimits {
  readonly maxBodyBytes: number;
  readonly bodyTimeoutMs: number;
}

/**
 * The whole body as one buffer, decompressed. Its memory is taken from the budget until it is released.
 *
 * @throws RequestError `body_too_large`, `queue_full` (the budget is spent), `body_timeout` (the connection
 *   is then closed), `invalid_content_encoding`, or `client_closed_request`; nothing stays reserved
 */
export function readBody(
  request: IncomingMessage,
  coding: ContentCoding | null,
  limits: BodyLimits,
  budget: BodyBudget,
  arena: BodyArena | null,
): Promise<HeldBody> {
  return coding === null
    ? receive(request, limits, budget, arena)
    : readCompressed(request, coding, limits, budget, arena);
}

async function readCompressed(
  request: IncomingMessage,
  coding: ContentCoding,
  limits: BodyLimits,
  budget: BodyBudget,
  arena: BodyArena | null,
): Promise<HeldBody> {
  // A body that is still compressed is of no use to the workers.
  const sent = await receive(request, limits, budget, null);
  if (sent.bytes.length === 0) return sent;
  try {
    return await decompressBody(sent.bytes, coding, limits.maxBodyBytes, budget, arena);
  } finally {
    sent.release();
  }
}

/**
 * A body that is too much is refused as soon as that is known, and the rest is read and thrown away: ending
 * the connection at once would reset it, and the client would never see the answer. The time-out bounds
 * that too.
 */
function receive(
  request: IncomingMessage,
  { maxBodyBytes, bodyTimeoutMs }: BodyLimits,
  budget: BodyBudget,
  arena: BodyArena | null,
): Promise<HeldBody> {
  return new Promise((resolve, reject) => {
    const declared = request.headers['content-length'];
    const declaredBytes = declared === undefined ? null : Number(declared);
    const reservation = budget.open();
    /** Null once the body is refused. */
    let collector: BodyCollector | null = new BodyCollector(reservation, maxBodyBytes, declaredBytes, arena);
    const pace = readPace(request);

    const refuse = (error: RequestError) => {
      if (collector === null) return;
      collector.discard();
      collector = null;
      reject(error);
    };
    const settle = () => {
      clearTimeout(timer);
      request.off('data', onData).off('end', onEnd).off('close', onClose).off('error', onClose);
    };
    const onData = (chunk: Buffer) => {
      pace();
      const refusal = collector?.add(chunk) ?? null;
      if (refusal !== null) refuse(refusal);
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
    if (declaredBytes !== null && declaredBytes > maxBodyBytes) refuse(overLimit(maxBodyBytes));
  });
}

const tooSlow = (bodyTimeoutMs: number) =>
  new RequestError('body_timeout', `The body was not complete after ${bodyTimeoutMs} ms.`, {
    connection: 'close',
  });
