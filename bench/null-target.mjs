// Starts the null server on a core of its own, for the benches of the load driver.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const SERVER_CPU = '0';
export const CLIENT_CPU = '1';
/** Bytes of one request's body. */
export const BODY_BYTES = 24_000;

/** Lends a folder for the time of a measurement. */
export async function withFolder(use) {
  const folder = await mkdtemp(join(tmpdir(), 'servelab-bench-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs `measure` against a null server, with a folder for its files; both are gone afterwards. */
export async function withNullTarget(measure) {
  await withFolder((folder) => withServer(folder, measure));
}

async function withServer(folder, measure) {
  const bodyPath = join(folder, 'body.bin');
  await writeFile(bodyPath, Buffer.alloc(BODY_BYTES, 'x'));
  const entry = fileURLToPath(import.meta.resolve('@servelab/lab/null-server'));
  const server = spawn('taskset', ['-c', SERVER_CPU, process.execPath, entry], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [line] = await once(server.stdout.setEncoding('utf8'), 'data');
    const port = /listening (\d+)/.exec(line)[1];
    await measure({ url: `http://127.0.0.1:${port}/predict`, serverPid: server.pid, folder, bodyPath });
  } finally {
    server.kill();
  }
}
