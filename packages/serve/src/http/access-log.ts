import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpContext } from './http-context.js';

/** A line for each answer that is out, with `--access-log`. */
export function logAccess(
  { options, logger }: HttpContext,
  requestId: string,
  { method, url }: IncomingMessage,
  { statusCode }: ServerResponse,
  totalUs: number,
): void {
  if (!options.accessLog) return;
  logger.info({ request_id: requestId, method, url, status: statusCode, total_us: totalUs }, 'request');
}
