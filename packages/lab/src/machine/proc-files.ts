import { readFile } from 'node:fs/promises';

/** A file of a process under /proc; '' when the process has ended meanwhile, or belongs to somebody else. */
export async function readProc(pid: number, file: string): Promise<string> {
  try {
    return await readFile(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

/** proc(5): the process name stands in brackets and may contain anything, so fields are counted after it. */
export function statFields(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}
