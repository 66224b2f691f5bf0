import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';

/** A module of this package as the build left it, for a process that knows no TypeScript; quoted. */
const built = (module: string) =>
  JSON.stringify(new URL(`../${module}`, import.meta.resolve('@servelab/serve/worker')));

const SCRIPT = `
  import { openSync, closeSync } from 'node:fs';
  const { WorkerPlace } = await import(${built('workers/worker-place.js')});
  const runtime = { kind: 'simulated', inputSize: 8, classCount: 10, costMs: [1], occupies: 'device' };
  const setup = { runtime, maxBatchSize: 1, maxImagePixels: 100, exactDecode: false, decodeThreads: 0 };
  const taken = [];
  try { for (;;) taken.push(openSync('/dev/null')); } catch {}
  const told = [];
  const place = new WorkerPlace({ setup, arena: null, timeoutMs: 30000 }, {
    ready: async () => {
      await place.close();
      console.log(JSON.stringify(told));
    },
    done: () => {},
    lost: ({ cause }, failures) => {
      told.push(cause.replace(/spawn .* /, 'spawn '));
      if (failures === 3) for (const descriptor of taken) closeSync(descriptor);
    },
    openFailed: () => {},
  });
  place.start(false);
`;

// The process object of a worker that could not be started for want of descriptors has no `send`.
it.skipIf(process.platform === 'win32')(
  'a place on which no process can be started tries again until there are descriptors',
  async () => {
    const limited = [
      '-c',
      'ulimit -n 128; exec "$@"',
      'bash',
      process.execPath,
      '--input-type=module',
      '-e',
      SCRIPT,
    ];
    const child = spawn('bash', limited, { stdio: ['ignore', 'pipe', 'inherit'] });
    const [[code], told] = await Promise.all([once(child, 'exit'), text(child.stdout)]);
    expect(JSON.parse(told)).toEqual(Array(3).fill('could not be started: spawn EMFILE'));
    expect(code).toBe(0);
  },
);
