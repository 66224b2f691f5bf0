import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { expect, vi } from 'vitest';
import { CHECKOUT } from '../fixtures/checkout.js';
import { MARK, markedProcesses } from '../fixtures/marked-processes.js';
import { OWN_NETWORK } from '../fixtures/own-network.js';

/** What a server may take to end once it has been told to. */
const END_TIMEOUT_MS = 120_000;

export interface BlockRun {
  readonly environment?: Readonly<Record<string, string>>;
  /** In a network of its own, where every port is free and nothing else is reached. */
  readonly isolated?: boolean;
}

/**
 * Runs a block in the checkout as a shell does that it is pasted into, but stops at the first command that fails.
 *
 * @returns what it printed on standard output
 * @throws where it fails, or leaves a process behind; none is left in any case
 */
export async function runBlock(commands: string, { environment, isolated }: BlockRun): Promise<string> {
  const mark = randomUUID();
  const shell = ['bash', '-euo', 'pipefail', '-c', commands];
  const [program = '', ...words] = isolated ? [...OWN_NETWORK, ...shell] : shell;
  const child = spawn(program, words, {
    cwd: CHECKOUT,
    env: { ...process.env, ...environment, [MARK]: mark },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close');
  const printed = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      printed[name] += text;
    });
  }
  try {
    const [code] = await once(child, 'exit');
    expect(code, printed.stdout + printed.stderr).toBe(0);
    const ended = async () => expect(await markedProcesses(mark), 'processes left behind').toEqual([]);
    await vi.waitFor(ended, { timeout: END_TIMEOUT_MS, interval: 100 });
    await closed;
    return printed.stdout;
  } finally {
    await endAll(mark);
  }
}

/** A supervisor may start another while it is ended, so until there is none. */
async function endAll(mark: string): Promise<void> {
  for (let pids = await markedProcesses(mark); pids.length > 0; pids = await markedProcesses(mark)) {
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
    }
  }
}
