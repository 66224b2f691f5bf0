import { mkdir, rm, stat, utimes } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { errorCode } from '@servelab/node';

const BEAT_MS = 2000;
const POLL_MS = 500;
/** A holder that has not shown itself for so long is dead. */
const DEAD_AFTER_MS = 20_000;

/**
 * Does work that only one process may do at a time. The lock is a folder whose date its holder renews, so
 * that one left behind by a process that was killed does not stand in the way, on this machine or another
 * that shares the folder.
 *
 * @param onWait called once, when another process holds the lock
 * @throws the signal's reason when aborted while waiting
 */
export async function withLock<T>(
  path: string,
  signal: AbortSignal,
  onWait: () => void,
  work: () => Promise<T>,
  deadAfterMs: number = DEAD_AFTER_MS,
): Promise<T> {
  await acquire(path, signal, onWait, deadAfterMs);
  const beat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {}); // gone only when somebody thought us dead
  }, BEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    await rm(path, { recursive: true, force: true });
  }
}

async function acquire(
  path: string,
  signal: AbortSignal,
  onWait: () => void,
  deadAfterMs: number,
): Promise<void> {
  // Judged by our own clock since we last saw the date change: the machine that set it may have another time.
  let seen: number | null = null;
  let seenAtMs = 0;
  while (!(await taken(path))) {
    if (seenAtMs === 0) onWait();
    const date = await dateOf(path);
    if (date !== seen || seenAtMs === 0) {
      seen = date;
      seenAtMs = performance.now();
    } else if (performance.now() - seenAtMs > deadAfterMs) {
      await rm(path, { recursive: true, force: true });
    }
    await delay(POLL_MS, undefined, { signal });
  }
}

async function taken(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

async function dateOf(path: string): Promise<number | null> {
  return await stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => null,
  );
}
