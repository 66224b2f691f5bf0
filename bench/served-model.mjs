// Starts `servelab serve` on the server's core, for benches of the whole server.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { SERVER_CPU } from './cores.mjs';

const MAIN = fileURLToPath(new URL('../packages/cli/dist/main.js', import.meta.url));

/** Runs `use` against a fresh server with these flags. */
export async function withServedModel(flags, use) {
  const command = [MAIN, 'serve', '--port', '0', '--log-level', 'warn', ...flags];
  const child = spawn('taskset', ['-c', SERVER_CPU, process.execPath, ...command], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  try {
    const url = await new Promise((resolve, reject) => {
      let printed = '';
      child.stdout.setEncoding('utf8').on('data', (text) => {
        printed += text;
        const match = /listening (http:\S+)/.exec(printed);
        if (match) resolve(match[1]);
      });
      child.once('exit', (code) => reject(new Error(`serve ${flags.join(' ')} ended with ${code}`)));
    });
    return await use(url, child.pid);
  } finally {
    child.kill();
    await new Promise((resolve) => child.once('close', resolve));
  }
}
