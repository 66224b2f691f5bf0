import type { ServerResponse } from 'node:http';
import type { ImageTiming } from '../workers/inference-engine.js';
import type { HttpContext } from './http-context.js';
import { serverTiming } from './server-timing.js';

/** What every answer carries, whatever its route. */
export function answerHeaders(
  { state: { phase }, nowUs }: HttpContext,
  requestId: string,
  startedUs: number,
  timings: readonly ImageTiming[],
): Record<string, string> {
  const headers: Record<string, string> = {
    'x-request-id': requestId,
    'server-timing': serverTiming(nowUs() - startedUs, timings),
    'x-content-type-options': 'nosniff',
  };
  if (phase.kind !== 'starting' && phase.model.synthetic) headers['x-servelab-synthetic-weights'] = 'true';
  return headers;
}

/** Calls back when the answers to the requests before this one are out. */
export function whenFirst(answer: ServerResponse, go: () => void): void {
  if (answer.socket !== null) go();
  // Node then goes on to flush what it takes for written.
  else answer.once('socket', () => process.nextTick(go));
}
