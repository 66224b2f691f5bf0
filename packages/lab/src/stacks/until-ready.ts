import { setTimeout as delay } from 'node:timers/promises';
import { request } from 'undici';
import type { ProcessGroup } from '../process/process-group.js';

const POLL_MS = 100;
/** A server that accepts and does not answer is asked again. */
const ANSWER_TIMEOUT_MS = 5000;

export interface Readiness {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly timeoutMs: number;
}

/**
 * Asks until the answer is 200.
 *
 * @returns false when the time ran out, the process ended or the signal came first
 */
export async function untilReady(
  { url, method, timeoutMs }: Readiness,
  group: Pick<ProcessGroup, 'alive'>,
  signal: AbortSignal,
): Promise<boolean> {
  const deadlineMs = performance.now() + timeoutMs;
  while (performance.now() < deadlineMs && group.alive && !signal.aborted) {
    if (await answersOk(url, method, signal)) return true;
    await delay(POLL_MS);
  }
  return false;
}

async function answersOk(url: string, method: 'GET' | 'POST', signal: AbortSignal): Promise<boolean> {
  try {
    const { statusCode, body } = await request(url, {
      method,
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]),
      ...(method === 'POST' ? { headers: { 'content-type': 'application/json' }, body: '{}' } : {}),
    });
    await body.dump();
    return statusCode === 200;
  } catch {
    return false; // nobody listens yet
  }
}
