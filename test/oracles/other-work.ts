import { readFile } from 'node:fs/promises';
import { monotonicNowUs } from '@servelab/core';
import { parseCpuList } from '../../packages/lab/src/machine/cpu-list.js';
import { treeUsage } from '../../packages/lab/src/machine/process-usage.js';

/** Of one core: what the kernel and the program that started the tests may use. */
const LIMIT_CORES = 0.08;
const TICKS_PER_S = 100;

interface Reading {
  readonly atUs: number;
  /** Processor time of everybody on the cores that this process may use, the hypervisor's share included, seconds. */
  readonly everybodyS: number;
  /** Of this process and all that it started. */
  readonly ownS: number;
}

/**
 * Begins to watch what everybody else does on the cores of this process.
 *
 * @returns tells why what was measured since then says nothing, or null where the machine was quiet or cannot be
 *   watched (no /proc)
 */
export async function watchOtherWork(): Promise<() => Promise<string | null>> {
  const before = await read();
  return async () => {
    const after = await read();
    if (before === null || after === null) return null;
    const cores = otherCores(before, after);
    if (cores <= LIMIT_CORES) return null;
    return `other work used ${cores.toFixed(2)} of a core meanwhile, more than ${LIMIT_CORES}`;
  };
}

/** How much of a core the others used between two readings, 1 for all of one. */
function otherCores(before: Reading, after: Reading): number {
  const elapsedS = (after.atUs - before.atUs) / 1e6;
  return (after.everybodyS - before.everybodyS - (after.ownS - before.ownS)) / elapsedS;
}

async function read(): Promise<Reading | null> {
  const [stat, status, own] = await Promise.all([
    readFile('/proc/stat', 'utf8').catch(() => ''),
    readFile('/proc/self/status', 'utf8').catch(() => ''),
    treeUsage(process.pid),
  ]);
  const cores = parseCpuList(/^Cpus_allowed_list:\s*(.*)$/m.exec(status)?.[1] ?? '');
  if (stat === '' || own === null || cores.length === 0) return null;
  const ticks = cores.reduce((sum, core) => sum + busyTicks(stat, core), 0);
  return { atUs: monotonicNowUs(), everybodyS: ticks / TICKS_PER_S, ownS: own.cpuS };
}

/** user, nice, system and steal of proc(5); interrupts are left out, as processes are not charged for them either. */
function busyTicks(stat: string, core: number): number {
  const fields = new RegExp(`^cpu${core} (.*)$`, 'm').exec(stat)?.[1]?.split(' ').map(Number) ?? [];
  return [0, 1, 2, 7].reduce((sum, index) => sum + (fields[index] ?? 0), 0);
}
