import { setTimeout as delay } from 'node:timers/promises';
import { excerpt, hideCredentials, splitCredentials } from '@servelab/core';
import { errorCode } from '@servelab/node';
import { request } from 'undici';
import { authorizationOf } from '../adapters/post-image.js';
import type { ProcessGroup } from './process-group.js';

const POLL_MS = 50;
const LONGEST_REASON = 200;
/** A server that accepts and does not answer is asked again. */
const ANSWER_TIMEOUT_MS = 5000;

/** A GET that shows whether a server can answer. */
export interface ReadyProbe {
  readonly url: string;
  /** True: any status will do, 404 and 405 included, where no path of a probe is known; false: 2xx. */
  readonly anyStatus: boolean;
}

/** What became of the wait for a process: it is ready, or what was seen last instead (null: nothing that helps). */
export type Seen<T> =
  | { readonly ready: true; readonly value: T }
  | { readonly ready: false; readonly last: string | null };

/** Waits until a process is ready, has ended, or the time is over; throws the signal's reason or resolves when aborted. */
export type Readiness<T> = (
  group: Pick<ProcessGroup, 'alive' | 'waitForLine'>,
  timeoutMs: number,
  signal: AbortSignal,
) => Promise<Seen<T>>;

/** Ready once it has printed a line; the value is the match. */
export function printsLine(pattern: RegExp): Readiness<RegExpExecArray> {
  return async (group, timeoutMs, signal) => {
    const match = await group.waitForLine(pattern, timeoutMs, signal);
    return match === null ? { ready: false, last: null } : { ready: true, value: match };
  };
}

/** Ready once it answers a probe. */
export function answers(probe: ReadyProbe): Readiness<void> {
  return async (group, timeoutMs, signal) => {
    const deadlineMs = performance.now() + timeoutMs;
    for (;;) {
      const last = await whyNotReady(probe, signal);
      // Looked at after the probe: what answers when it has ended is another program.
      if (!group.alive) return { ready: false, last };
      if (last === null) return { ready: true, value: undefined };
      if (performance.now() >= deadlineMs) return { ready: false, last };
      await delay(POLL_MS, undefined, { signal });
    }
  };
}

/**
 * @returns null when it is ready, otherwise what was seen instead
 * @throws the signal's reason when aborted
 */
export async function whyNotReady(
  { url, anyStatus }: ReadyProbe,
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

function reasonOf(error: unknown): string {
  const reason = errorCode(error) ?? (error instanceof Error ? error.message : String(error));
  return excerpt(reason, LONGEST_REASON);
}
