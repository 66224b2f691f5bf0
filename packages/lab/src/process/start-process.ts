import { MS_PER_S } from '@servelab/core';
import { ProcessGroup } from './process-group.js';
import type { Readiness } from './readiness.js';

export interface Launch {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Called with what it prints, on either stream. */
  readonly onOutput?: (text: string) => void;
}

export interface StartLimits {
  /** How long it may take to become ready. */
  readonly timeoutMs: number;
  /** How long it may take to end in order where it did not. */
  readonly stopGraceMs?: number;
}

/** The error for a process that did not start; `why` is a predicate, such as "was not ready within 60 s". */
export type StartFailure = (why: string, logTail: string) => Error;

/** A process that can answer, and what showed that. */
export interface Started<T> {
  readonly group: ProcessGroup;
  readonly shown: T;
}

/**
 * Starts a process and waits until it is ready.
 *
 * @throws what `failure` makes, when it is not ready in time or ends instead; the signal's reason when aborted. Nothing of
 *   it is left running then
 */
export async function startProcess<T>(
  { command, environment, cwd, onOutput }: Launch,
  readiness: Readiness<T>,
  { timeoutMs, stopGraceMs }: StartLimits,
  failure: StartFailure,
  signal: AbortSignal,
): Promise<Started<T>> {
  const group = new ProcessGroup(command, environment, cwd, onOutput);
  let why: string;
  try {
    const seen = await readiness(group, timeoutMs, signal);
    signal.throwIfAborted();
    if (seen.ready) return { group, shown: seen.value };
    const last = seen.last === null ? '' : `: ${seen.last}`;
    why = group.alive ? `was not ready within ${timeoutMs / MS_PER_S} s${last}` : group.exitDescription;
  } catch (error) {
    await group.stop(stopGraceMs);
    throw error;
  }
  // The end of its log may still be on its way when it has ended.
  await group.stop(stopGraceMs);
  throw failure(why, group.logTail);
}
