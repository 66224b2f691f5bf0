import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const HOST = fileURLToPath(new URL('./check-host.ts', import.meta.url));
const LOADER = new URL('../../../scripts/typescript-loader.mjs', import.meta.url).href;
/** For what takes milliseconds: only a check that never ends takes so long. */
const HANGS_AFTER_MS = 60_000;

export interface HostRequest {
  readonly id: number;
  readonly bytes: Uint8Array;
  readonly expected: unknown;
}
export interface HostAnswer {
  readonly id: number;
  readonly fault: string | null;
}

/**
 * Runs checks of code of ours in a process of its own, so that one that never ends, ends the process, or takes all
 * memory is a fault like any other. The process is started again when it is needed.
 */
export class HostedCheck {
  #child: ChildProcess | null = null;
  #next = 0;
  readonly #waiting = new Map<number, (fault: string | null) => void>();

  /** @param module a file beside this one that exports `check(bytes, expected)` */
  constructor(
    private readonly module: string,
    private readonly heapMib: number,
  ) {}

  async check(bytes: Buffer, expected: unknown = null): Promise<string | null> {
    const child = this.#child ?? this.#start();
    const id = this.#next++;
    return await new Promise((resolve) => {
      const late = setTimeout(() => child.kill('SIGKILL'), HANGS_AFTER_MS);
      this.#waiting.set(id, (fault) => {
        clearTimeout(late);
        this.#waiting.delete(id);
        resolve(fault);
      });
      const request: HostRequest = { id, bytes, expected };
      // Where it cannot be sent the process has ended, which is told by its exit.
      child.send(request, () => {});
    });
  }

  async close(): Promise<void> {
    const child = this.#child;
    if (child === null) return;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }

  #start(): ChildProcess {
    const child = fork(HOST, [this.module], {
      execArgv: ['--import', LOADER, `--max-old-space-size=${this.heapMib}`],
      serialization: 'advanced',
      // Ctrl-C is for the process that asks: this one ends with it.
      detached: true,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#child = child;
    child.on('message', ({ id, fault }: HostAnswer) => this.#waiting.get(id)?.(fault));
    child.on('error', () => {});
    child.once('exit', (code, signal) => {
      this.#child = null;
      const how = `its process ended with ${signal ?? code} (SIGKILL: not done after ${HANGS_AFTER_MS} ms)`;
      for (const settle of [...this.#waiting.values()]) settle(how);
    });
    return child;
  }
}
