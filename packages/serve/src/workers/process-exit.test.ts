import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';

/** A module of this package as the build left it, for a process that knows no TypeScript; quoted. */
const built = (module: string) =>
  JSON.stringify(new URL(`../${module}`, import.meta.resolve('@servelab/serve/worker')));

/** A process of its own with an engine in it; `then` runs when that has answered one image. */
function processWithEngine(then: string): ChildProcess {
  const script = `
    const { createEngine } = await import(${built('workers/engine.js')});
    const { createPolicy } = await import(${built('schedule/policies/index.js')});
    const engine = createEngine({
      runtime: { kind: 'simulated', inputSize: 8, classCount: 10, costMs: [1], occupies: 'device' },
      policy: createPolicy('fixed-window', { maxBatchSize: 2, batchWaitTimeoutMs: 10, maxLatencyMs: 60000, maxWaitMs: 50, workers: 2 }),
      maxBatchSize: 2, workers: 2, queueLimit: 9, maxWaitMs: 50, workerTimeoutMs: 30000,
      maxImagePixels: 100, maxImageSide: 100, decodeTimeoutMs: 2000, exactDecode: false,
      decodeThreads: 0,
    });
    await engine.start();
    const deadlineUs = Number(process.hrtime.bigint() / 1000n) + 60e6;
    const { outcomes } = engine.submit([{ requestId: 'a', bytes: new Uint8Array(3), deadlineUs }]);
    await outcomes;
    ${then}
  `;
  return spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function firstLine({ stdout }: ChildProcess): Promise<unknown> {
  if (stdout === null) throw new Error('no standard output');
  for await (const line of createInterface(stdout)) return JSON.parse(line);
  throw new Error('it ended without a word');
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('processes', () => {
  it('nothing is left to wait for after close: no timer, no channel, no child', async () => {
    const child = processWithEngine(`
      await engine.close(1000);
      // Handles that are closing go with the next turns of the event loop.
      for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
      process.stdout.write(JSON.stringify(process.getActiveResourcesInfo()) + '\\n');
    `);
    const exited = once(child, 'exit');
    const left = await firstLine(child);
    // Standard output itself is a pipe.
    expect((left as string[]).filter((name) => !/^(PipeWrap|TTYWrap|.*Req)$/.test(name))).toEqual([]);
    expect(await exited).toEqual([0, null]);
  });

  it('workers end with their parent, however it ended', async () => {
    const child = processWithEngine('console.log(JSON.stringify(engine.workerPids()));');
    const pids = (await firstLine(child)) as number[];
    expect(pids).toHaveLength(2);
    expect(pids.every(isAlive)).toBe(true);
    child.kill('SIGKILL');
    await expect.poll(() => pids.filter(isAlive)).toEqual([]);
  });
});
