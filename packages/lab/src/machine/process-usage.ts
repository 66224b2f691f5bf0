import { readdir, readFile } from 'node:fs/promises';

/** What the processes of one stack use; null where the system has no /proc. */
export interface ProcessUsage {
  readonly cpuS: number;
  readonly rssMb: number;
}

// USER_HZ and the page size are fixed at these on every Linux that Node runs on for x86-64; on arm64 with
// larger pages VmRSS would differ, so RSS is read in kB from /proc/PID/status instead of in pages.
const TICKS_PER_S = 100;

/**
 * Sum over a process and its descendants. Reads a few small files, so that it can be called while a stack is
 * measured.
 *
 * @returns null where there is no /proc, or the process is gone
 */
export async function treeUsage(root: number): Promise<ProcessUsage | null> {
  let ticks = 0;
  let rssKb = 0;
  const waiting = [root];
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    const [stat, status, children] = await Promise.all([
      readProc(pid, 'stat'),
      readProc(pid, 'status'),
      readProc(pid, `task/${pid}/children`),
    ]);
    if (stat === '' && pid === root) return null;
    ticks += parseCpuOf(stat);
    rssKb += Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0);
    waiting.push(...children.split(' ').filter(Boolean).map(Number));
  }
  return { cpuS: ticks / TICKS_PER_S, rssMb: rssKb / 1024 };
}

/** Processes of the session that still exist (zombies are gone for this purpose); null without /proc. */
export async function sessionProcesses(session: number): Promise<number[] | null> {
  let names: string[];
  try {
    names = await readdir('/proc');
  } catch {
    return null;
  }
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number);
  const members: number[] = [];
  for (const pid of pids) {
    const fields = fieldsAfterName(await readProc(pid, 'stat'));
    if (Number(fields[3]) === session && fields[0] !== 'Z') members.push(pid);
  }
  return members;
}

/** utime + stime, and those of children waited for: a worker that was replaced still counts. */
function parseCpuOf(stat: string): number {
  const fields = fieldsAfterName(stat);
  return [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index] ?? 0), 0);
}

/** proc(5): the process name stands in brackets and may contain anything, so fields are counted after it. */
function fieldsAfterName(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

async function readProc(pid: number, file: string): Promise<string> {
  try {
    return await readFile(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return ''; // the process ended meanwhile
  }
}
