import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  findCores,
  type LoadPlan,
  type LoadResult,
  type RequestRecord,
  readRecords,
  runDriver,
} from '@servelab/lab';

const S = 1e6;

/** The server that does nothing, which the lab calibrates itself against. */
export const NULL_SERVER = createRequire(import.meta.url).resolve('@servelab/lab/null-server');

/** Bytes of one request's body, as many as a photograph of 224x224. */
export const BODY_BYTES = 24_000;

type Change = Partial<LoadPlan> & Pick<LoadPlan, 'load' | 'durationUs'>;
type Options = NonNullable<Parameters<typeof runDriver>[1]>;

/** A server in a process of its own, and a folder for the load's files. Where they can, it and the client have a core each. */
export interface Target {
  readonly url: string;
  readonly imagePath: string;
  readonly folder: string;
  readonly server: ChildProcess;
  /** The client's cores, as taskset writes them; undefined where nothing is pinned. */
  readonly clientCpus: string | undefined;
  /** A plan with one 24 kB image, no warm-up and checks off, changed as given. */
  plan(change: Change): LoadPlan;
  /** Runs such a plan on the client's cores. */
  drive(change: Change, options?: Options): Promise<LoadResult>;
  /** The same, and reads what became of each request. */
  run(change: Change, options?: Options): Promise<LoadResult & { records: RequestRecord[] }>;
  stop(): Promise<void>;
}

/** @param script the server's file, seen from here */
export async function startTarget(script: string, ...args: readonly string[]): Promise<Target> {
  const folder = await mkdtemp(join(tmpdir(), 'servelab-oracle-'));
  const imagePath = join(folder, 'image.jpg');
  await writeFile(imagePath, Buffer.alloc(BODY_BYTES, 'x'));
  const entry = resolve(import.meta.dirname, script);
  const cores = await findCores();
  const [program = '', ...words] = [
    ...(cores.pinned ? ['taskset', '-c', cores.server.join(',')] : []),
    ...[process.execPath, entry, ...args],
  ];
  const server = spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(server.stdout.setEncoding('utf8'), 'data')) as [string];
  const url = `http://127.0.0.1:${/listening (\d+)/.exec(line)?.[1]}/predict`;
  const clientCpus = cores.pinned ? cores.client.join(',') : undefined;
  const plan = (change: Change): LoadPlan => ({
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
  });
  const drive = (change: Change, options: Options = {}) =>
    runDriver(plan(change), { ...options, ...(clientCpus !== undefined && { cpus: clientCpus }) });
  return {
    url,
    imagePath,
    folder,
    server,
    clientCpus,
    plan,
    drive,
    run: async (change, options) => {
      const result = await drive(change, options);
      return { ...result, records: await readRecords(result.recordsPath) };
    },
    stop: async () => {
      if (server.exitCode === null && server.signalCode === null) {
        server.kill('SIGKILL');
        await once(server, 'exit');
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}
