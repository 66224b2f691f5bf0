import { MS_PER_S } from '@servelab/core';
import { treeUsage } from '../machine/process-usage.js';

const EVERY_MS = 250;

interface Reading {
  readonly atMs: number;
  readonly cpuS: number;
}

/** Follows the CPU time of a process and its children until it is stopped. */
export class CpuWatch {
  readonly #readings: Reading[] = [];
  readonly #timer: NodeJS.Timeout;

  constructor(pid: number) {
    const read = async () => {
      const usage = await treeUsage(pid);
      if (usage !== null) this.#readings.push({ atMs: performance.now(), cpuS: usage.cpuS });
    };
    this.#timer = setInterval(() => void read(), EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /**
   * CPU seconds for each of the last seconds: what a program does before its load, such as starting Python, is not
   * the load's.
   *
   * @returns null where the system does not tell
   */
  busyOfLast(seconds: number): number | null {
    return busyOfLast(this.#readings, seconds);
  }
}

/** @returns null for fewer than two readings */
export function busyOfLast(readings: readonly Reading[], seconds: number): number | null {
  const last = readings.at(-1);
  if (last === undefined) return null;
  const first = readings.find(({ atMs }) => atMs >= last.atMs - MS_PER_S * seconds);
  if (first === undefined || first === last) return null;
  return ((last.cpuS - first.cpuS) * MS_PER_S) / (last.atMs - first.atMs);
}
