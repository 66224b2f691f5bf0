import { readdirSync, readFileSync } from 'node:fs';

/** What /proc tells of a process is known on Linux only; elsewhere the checks that need it are left out. */
export const HAS_PROC = process.platform === 'linux';

export const openDescriptors = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length;

const TICKS_PER_S = 100;

/**
 * Processor time of the thread that runs the event loop, in seconds. What it grows by bounds how long the loop was
 * blocked, whatever else the machine was doing.
 */
export function mainThreadCpuS(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/task/${pid}/stat`, 'utf8');
  // The name of the program, in parentheses, may hold blanks.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S;
}
