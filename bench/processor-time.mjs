import { readFile } from 'node:fs/promises';

const MS_PER_TICK = 10;

/**
 * Processor time so far of a server's own process and of its children, which are its workers.
 *
 * @param {number} pid
 * @returns {Promise<{main: number, worker: number}>} milliseconds
 */
export async function processorTimeMs(pid) {
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).split(' ').filter(Boolean);
  const [main, ...workers] = await Promise.all([pid, ...children].map(ofProcess));
  return { main, worker: workers.reduce((sum, ms) => sum + ms, 0) };
}

async function ofProcess(pid) {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
}
