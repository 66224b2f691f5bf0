import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { type CorePlan, parseCpuList, planCores } from './cpu-list.js';

const execute = promisify(execFile);

/** Looks at what this process may use: its affinity, and whether taskset is there. */
export async function findCores(): Promise<CorePlan> {
  const [allowed, canPin] = await Promise.all([allowedCores(), hasTaskset()]);
  return planCores(allowed, canPin);
}

/** The command that runs `command` on these cores; the command itself where nothing is pinned. */
export function pinnedCommand(cores: readonly number[] | null, command: readonly string[]): string[] {
  return cores === null ? [...command] : ['taskset', '--cpu-list', cores.join(','), ...command];
}

async function allowedCores(): Promise<number[]> {
  try {
    const status = await readFile('/proc/self/status', 'utf8');
    return parseCpuList(/^Cpus_allowed_list:\s*(.*)$/m.exec(status)?.[1] ?? '');
  } catch {
    return []; // no /proc: not Linux
  }
}

async function hasTaskset(): Promise<boolean> {
  try {
    await execute('taskset', ['--version']);
    return true;
  } catch {
    return false;
  }
}
