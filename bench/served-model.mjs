// Servers on the server's core, for benches.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { SERVER_CPU } from './cores.mjs';

const MAIN = fileURLToPath(new URL('../packages/cli/dist/main.js', import.meta.url));
const NULL_SERVER = fileURLToPath(import.meta.resolve('@servelab/lab/null-server'));

/** Costs of a model that takes next to no time, for `--runtime simulated --cost`. */
export const NO_MODEL = { name: 'nearly nothing', occupies: 'cpu', batch_ms: { 1: 0.01, 8: 0.08 } };

/** Runs `use` against a fresh server with these flags. */
export function withServedModel(flags, use) {
  return withServerProcess([MAIN, 'serve', '--port', '0', '--log-level', 'warn', ...flags], {}, use);
}

/** Runs `use` against the server that answers at once. */
export function withNullServer(use) {
  return withServerProcess([NULL_SERVER], {}, (port, pid) => use(`http://127.0.0.1:${port}`, pid));
}

/** Starts a program of Node that prints `listening WHERE`, and gives that and its id to `use`. */
export async function withServerProcess(command, environment, use, cpus = SERVER_CPU) {
  const child = spawn('taskset', ['-c', cpus, process.execPath, ...command], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, ...environment },
  });
  try {
    const where = await new Promise((resolve, reject) => {
      let printed = '';
      child.stdout.setEncoding('utf8').on('data', (text) => {
        printed += text;
        const match = /listening (\S+)\s/.exec(printed);
        if (match) resolve(match[1]);
      });
      child.once('exit', (code) => reject(new Error(`${command.join(' ')} ended with ${code}`)));
    });
    return await use(where, child.pid);
  } finally {
    child.kill();
    await new Promise((resolve) => child.once('close', resolve));
  }
}
