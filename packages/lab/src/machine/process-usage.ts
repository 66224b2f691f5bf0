import { readProc, statFields } from './proc-files.js';

/** What the processes of one stack use; null where the system has no /proc. */
export interface ProcessUsage {
  readonly cpuS: number;
  readonly rssMb: number;
}

// USER_HZ and the page size are fixed at these on every Linux that Node runs on for x86-64; on arm64 with
// larger pages VmRSS would differ, so RSS is read in kB from /proc/PID/status instead of in pages.
const TICKS_PER_S = 100;

/**
 * Sum over processes and their descendants, each counted once. Reads a few small files, so that it can be called
 * while a stack is measured.
 *
 * @returns null where there is no /proc, or all of the processes are gone
 */
export async function treeUsage(...roots: readonly number[]): Promise<ProcessUsage | null> {
  let ticks = 0;
  let rssKb = 0;
  let alive = false;
  const waiting = [...roots];
  const seen = new Set<number>();
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    if (seen.has(pid)) continue;
    seen.add(pid);
    const [stat, status, children] = await Promise.all([
      readProc(pid, 'stat'),
      readProc(pid, 'status'),
      readProc(pid, `task/${pid}/children`),
    ]);
    alive ||= stat !== '';
    ticks += parseCpuOf(stat);
    rssKb += Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0);
    waiting.push(...children.split(' ').filter(Boolean).map(Number));
  }
  return alive ? { cpuS: ticks / TICKS_PER_S, rssMb: rssKb / 1024 } : null;
}

/** utime + stime, and those of children waited for: a worker that was replaced still counts. */
function parseCpuOf(stat: string): number {
  const fields = statFields(stat);
  return [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index] ?? 0), 0);
}
