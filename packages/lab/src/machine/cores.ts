import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
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

/** What the load driver is told of its cores: nothing where none are pinned. */
export function driverCores(plan: CorePlan): { cpus?: string } {
  return plan.pinned ? { cpus: plan.client.join(',') } : {};
}

/**
 * Moves this process, with all its threads, to the client's cores, so that coordinating a run never takes time
 * from the server under test.
 */
export async function moveToClientCores(plan: CorePlan): Promise<void> {
  if (plan.pinned) await moveProcess(process.pid, plan.client);
}

/** Holds running processes to these cores, with all their threads. */
export async function pinProcesses(pids: readonly number[], cores: readonly number[]): Promise<void> {
  for (const pid of pids) {
    await moveProcess(pid, cores).catch((error: unknown) => {
      if (existsSync(`/proc/${pid}`)) throw error; // else it ended meanwhile
    });
  }
}

async function moveProcess(pid: number, cores: readonly number[]): Promise<void> {
  await execute('taskset', ['--all-tasks', '--cpu-list', '--pid', cores.join(','), String(pid)]);
}

async function allowedCores(): Promise<number[]> {
  try {
    const status = await readFile('/proc/self/status', 'utf8');
    return parseCpuList(/^Cpus_allowed_list:[\t ](\S.*)$/m.exec(status)?.[1] ?? '');
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
