import { readdirSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { readProc, statFields } from '../machine/proc-files.js';

/** Every process of a stack finds this in its environment, whatever session it moves to. */
export const STACK_MARK = 'SERVELAB_STACK';

export interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  readonly session: number;
  /** Whether it was started with the mark that was looked for. */
  readonly marked: boolean;
}

/**
 * The processes that live now; zombies are gone for this purpose.
 *
 * @param mark value of STACK_MARK to look for
 * @returns null where there is no /proc
 */
export async function readProcessTable(mark: string): Promise<ProcessRow[] | null> {
  let names: string[];
  try {
    names = await readdir('/proc');
  } catch {
    return null;
  }
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number);
  const rows = await Promise.all(pids.map((pid) => readRow(pid, mark)));
  return rows.filter((row) => row !== null);
}

/**
 * The processes of one stack: those that bear its mark, those of its sessions, and all that these have started.
 * All three, because a program may leave the session, lose its parent, or write over its environment to change
 * its title (Ray's workers do all of this).
 */
export function membersOf(rows: readonly ProcessRow[], sessions: ReadonlySet<number>): ProcessRow[] {
  const members = new Map<number, ProcessRow>();
  const inSessions = new Set(sessions);
  for (let before = -1; before !== members.size; ) {
    before = members.size;
    for (const row of rows) {
      if (!row.marked && !inSessions.has(row.session) && !members.has(row.parent)) continue;
      members.set(row.pid, row);
      // A leader's session is the stack's own; a member may sit in somebody else's.
      if (row.session === row.pid) inSessions.add(row.session);
    }
  }
  return [...members.values()];
}

/** `ray::ServeReplica`: the first words of its command line; its number when it has gone meanwhile. */
export async function commandWords(pid: number): Promise<string> {
  const command = await readProc(pid, 'cmdline');
  const words = command.split('\0').filter(Boolean).join(' ').slice(0, 80);
  return words === '' ? `process ${pid}` : words;
}

/** Those that bear a mark, for the moment at which nothing can be waited for; [] where there is no /proc. */
export function markedProcesses(mark: string): number[] {
  let names: string[];
  try {
    names = readdirSync('/proc');
  } catch {
    return [];
  }
  return names
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => environmentOf(name).includes(`${STACK_MARK}=${mark}`))
    .map(Number);
}

function environmentOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return []; // somebody else's, or gone
  }
}

async function readRow(pid: number, mark: string): Promise<ProcessRow | null> {
  const [stat, environment] = await Promise.all([readProc(pid, 'stat'), readProc(pid, 'environ')]);
  const [state, parent, , session] = statFields(stat);
  if (stat === '' || state === 'Z' || state === 'X') return null;
  const marked = environment.split('\0').includes(`${STACK_MARK}=${mark}`);
  return { pid, parent: Number(parent), session: Number(session), marked };
}
