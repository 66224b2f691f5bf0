import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the memory controller is, and what its files are called, in either version of control groups. */
const VERSIONS = [
  { root: '/sys/fs/cgroup', limit: 'memory.max', events: 'memory.events', peak: 'memory.peak' },
  {
    root: '/sys/fs/cgroup/memory',
    limit: 'memory.limit_in_bytes',
    events: 'memory.oom_control',
    peak: 'memory.max_usage_in_bytes',
  },
] as const;

/** A limit on the memory of a process and all that it starts together, as a container has one. */
export interface MemoryGroup {
  /** A command that runs another one in the group, by replacing itself with it. */
  readonly under: readonly string[];
  /** Processes that the kernel ended for want of memory. */
  killed(): number;
  /** Most that was ever in use, files in memory included; null where the kernel does not tell. */
  peakMib(): number | null;
  /** Only when all its processes have ended. */
  remove(): void;
}

/** @returns the reason where this machine does not let us have one */
export function createMemoryGroup(limitMib: number): MemoryGroup | string {
  let reason = 'the machine has no control groups';
  for (const { root, limit, events, peak } of VERSIONS) {
    const folder = join(root, `servelab-attack-${process.pid}`);
    try {
      mkdirSync(folder);
      if (!existsSync(join(folder, limit))) {
        rmdirSync(folder);
        continue;
      }
      writeFileSync(join(folder, limit), `${limitMib * 1024 * 1024}`);
    } catch (error) {
      reason = `control groups may not be made here (${(error as NodeJS.ErrnoException).code})`;
      continue;
    }
    const read = (file: string) => readFileSync(join(folder, file), 'utf8');
    return {
      under: ['bash', '-c', `echo $$ > ${join(folder, 'cgroup.procs')} && exec "$@"`, 'bash'],
      killed: () => Number(/^oom_kill (\d+)/m.exec(read(events))?.[1] ?? 0),
      peakMib: () => (existsSync(join(folder, peak)) ? Number(read(peak)) / 1024 / 1024 : null),
      remove: () => rmdirSync(folder),
    };
  }
  return reason;
}
