// Servers on the server's core, for benches.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import '../scripts/data-sources.mjs';
import { SERVER_CPU } from './cores.mjs';

/** This checkout. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));
const NULL_SERVER = fileURLToPath(import.meta.resolve('@servelab/lab/null-server'));

/** Costs of a model that takes next to no time, for `--runtime simulated --cost`. */
export const NO_MODEL = { name: 'nearly nothing', occupies: 'cpu', batch_ms: { 1: 0.01, 8: 0.08 } };

/**
 * @param {string} root of a checkout, installed and built
 * @param {readonly string[]} flags
 * @returns {string[]} arguments of Node that serve at a free port
 */
export function serveArguments(root, flags) {
  return [join(root, 'packages/cli/dist/main.js'), 'serve', '--port', '0', ...flags];
}

/**
 * @param {string} model a precision, or any other name for a simulated model
 * @param {string} costPath of what that one costs
 */
export function modelFlags(model, costPath) {
  const isPrecision = model === 'f32' || model === 'int8';
  return isPrecision ? ['--precision', model] : ['--runtime', 'simulated', '--cost', costPath];
}

/** Runs `use` against a fresh server with these flags. */
export function withServedModel(flags, use) {
  return withServerProcess(serveArguments(ROOT, ['--log-level', 'warn', ...flags]), {}, use);
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
