import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LoadPlan } from '@servelab/lab';

const S = 1e6;

/** A server in a process of its own, and a folder for the load's files. */
export interface Target {
  readonly url: string;
  readonly imagePath: string;
  readonly server: ChildProcess;
  /** A plan with one 24 kB image, no warm-up and checks off, changed as given. */
  plan(change: Partial<LoadPlan> & Pick<LoadPlan, 'load' | 'durationUs'>): LoadPlan;
  stop(): Promise<void>;
}

/** @param script the server's file, seen from here */
export async function startTarget(script: string, ...args: readonly string[]): Promise<Target> {
  const folder = await mkdtemp(join(tmpdir(), 'servelab-oracle-'));
  const imagePath = join(folder, 'image.jpg');
  await writeFile(imagePath, Buffer.alloc(24_000, 7));
  const entry = fileURLToPath(new URL(script, import.meta.url));
  const server = spawn(process.execPath, [entry, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(server.stdout.setEncoding('utf8'), 'data')) as [string];
  const url = `http://127.0.0.1:${/listening (\d+)/.exec(line)?.[1]}/predict`;
  return {
    url,
    imagePath,
    server,
    plan: (change) => ({
      url,
      adapter: { body: 'raw' },
      images: [{ path: imagePath, expectedClass: null }],
      warmupUs: 0,
      timeoutUs: 30 * S,
      graceUs: 30 * S,
      seed: 1,
      checkShare: 0,
      recordsPath: join(folder, 'records.ndjson'),
      ...change,
    }),
    stop: async () => {
      if (server.exitCode === null && server.signalCode === null) {
        server.kill('SIGKILL');
        await once(server, 'exit');
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}
