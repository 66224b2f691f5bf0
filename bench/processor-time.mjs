import { readFile } from 'node:fs/promises';

const MS_PER_TICK = 10;

/**
 * Processor time so far of a server's own process and of its children, which are its workers.
 *
 * @param {number} pid
 * @returns {Promise<{main: number, worker: number}>} milliseconds
 */
export async function processorTimeMs(pid) {
  const [main, ...workers] = await Promise.all([pid, ...(await workersOf(pid))].map(ofProcess));
  return { main, worker: workers.reduce((sum, ms) => sum + ms, 0) };
}

/**
 * @param {number} pid of a server
 * @returns {Promise<number[]>} ids of its worker processes
 */
export async function workersOf(pid) {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return children.split(' ').filter(Boolean).map(Number);
}

/**
 * @param {string} folder of a process or of a thread in /proc
 * @returns {Promise<{name: string, userMs: number, systemMs: number}>} processor time so far
 */
export async function timesIn(folder) {
  const [, name, rest] = /\((.*)\) (.*)/s.exec(await readFile(`${folder}/stat`, 'utf8'));
  const fields = rest.split(' ');
  return { name, userMs: Number(fields[11]) * MS_PER_TICK, systemMs: Number(fields[12]) * MS_PER_TICK };
}

async function ofProcess(pid) {
  const { userMs, systemMs } = await timesIn(`/proc/${pid}`);
  return userMs + systemMs;
}
