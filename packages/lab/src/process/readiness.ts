import { setTimeout as delay } from 'node:timers/promises';
import { excerpt, hideCredentials, splitCredentials } from '@servelab/core';
import { request } from 'undici';
import { authorizationOf } from '../adapters/post-image.js';

const POLL_MS = 50;
const LONGEST_REASON = 200;
/** A server that accepts and does not answer is asked again. */
const ANSWER_TIMEOUT_MS = 5000;

/** What is asked of a server to see whether it can answer. */
export interface Readiness {
  readonly url: string;
  /** Whether any status will do, 404 and 405 included: all that can be said where no path for it is known. */
  readonly anyStatus: boolean;
}

/** @returns null when it is ready, otherwise what was seen instead */
export async function whyNotReady(
  { url, anyStatus }: Readiness,
  signal: AbortSignal,
): Promise<string | null> {
  try {
    const address = splitCredentials(url);
    const { statusCode, body } = await request(address.url, {
      headers: authorizationOf(address),
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]),
    });
    await body.dump();
    const ready = anyStatus || (statusCode >= 200 && statusCode < 300);
    return ready ? null : `GET ${hideCredentials(url)} answers ${statusCode}`;
  } catch (error) {
    signal.throwIfAborted();
    return `nothing answers at ${hideCredentials(url)} (${reasonOf(error)})`;
  }
}

/**
 * Asks until it is ready.
 *
 * @returns null then; what was seen last when the time ran out, or as soon as `alive` says no
 */
export async function untilReady(
  readiness: Readiness,
  alive: () => boolean,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<string | null> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const trouble = await whyNotReady(readiness, signal);
    // Dead or too late is looked at after the question: what answers now may be somebody else.
    if (!alive() || trouble === null || performance.now() >= deadlineMs) return trouble;
    await delay(POLL_MS, undefined, { signal });
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return excerpt(code ?? message, LONGEST_REASON);
}
