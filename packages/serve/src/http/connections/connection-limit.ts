import { readFileSync } from 'node:fs';

/** More connections than this are only taken where somebody asks for it. */
const DEFAULT_MOST = 10_000;
/** Connections above the limit that are still told so; others are dropped. */
export const SURPLUS_CONNECTIONS = 16;
/** Descriptors of the process itself: its libraries, event loops, standard streams, the listening sockets. */
const OWN_DESCRIPTORS = 40;
/** A worker's channel and frames, and what it takes to start its successor. */
const WORKER_DESCRIPTORS = 6;

/**
 * How many connections there may be, so that there is always a descriptor left to replace a lost worker and to
 * tell one client too many.
 *
 * @param asked for by the operator, or null
 * @param openFiles that the process may have
 */
export function connectionLimit(asked: number | null, workers: number, openFiles: number): number {
  const left = openFiles - OWN_DESCRIPTORS - WORKER_DESCRIPTORS * workers - SURPLUS_CONNECTIONS;
  return Math.max(1, Math.min(asked ?? DEFAULT_MOST, left));
}

/** Infinity where the system does not tell. Node has raised the soft limit to the hard one by itself. */
export function openFilesLimit(): number {
  try {
    const soft = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
