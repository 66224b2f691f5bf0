import { type ChildProcess, type ForkOptions, fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { environmentError } from '@servelab/core';
import { type DriverCommand, type DriverMessage, unpackError } from './driver-protocol.js';
import type { DriverPhase, DriverProgress, LoadPlan, LoadResult } from './load-plan.js';

export interface RunDriverOptions {
  readonly onProgress?: (progress: DriverProgress) => void;
  /** Where the run has got to; `atUs` on the monotonic clock. */
  readonly onPhase?: (phase: DriverPhase, atUs: number) => void;
  /** Aborting it stops sending at once; the promise still resolves, with what was measured. */
  readonly signal?: AbortSignal;
  /** Cores to pin the driver to, as taskset writes them ("1" or "2-3"); Linux only. */
  readonly cpus?: string;
}

/**
 * Runs one load in a process of its own and waits for its end.
 *
 * @throws UserError when the target cannot be reached or the plan cannot be run
 * @throws Error when the driver process dies
 */
export async function runDriver(plan: LoadPlan, options: RunDriverOptions = {}): Promise<LoadResult> {
  const child = startDriver(options.cpus);
  const abort = () => void tell(child, { type: 'abort' });
  options.signal?.addEventListener('abort', abort, { once: true });
  try {
    const result = outcomeOf(child, options);
    await tell(child, { type: 'start', plan });
    if (options.signal?.aborted === true) abort();
    return await result;
  } finally {
    options.signal?.removeEventListener('abort', abort);
    if (child.connected) child.disconnect();
  }
}

function startDriver(cpus: string | undefined): ChildProcess {
  const entry = createRequire(import.meta.url).resolve('@servelab/lab/driver');
  // Standard output belongs to the command's own result.
  const options: ForkOptions = { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] };
  if (cpus === undefined) return fork(entry, options);
  return fork(entry, { ...options, execPath: 'taskset', execArgv: ['-c', cpus, process.execPath] });
}

function outcomeOf(child: ChildProcess, { onProgress, onPhase }: RunDriverOptions): Promise<LoadResult> {
  return new Promise((resolve, reject) => {
    child.on('message', (message: DriverMessage) => {
      switch (message.type) {
        case 'phase':
          onPhase?.(message.phase, message.atUs);
          break;
        case 'progress':
          onProgress?.(message.progress);
          break;
        case 'result':
          resolve(message.result);
          break;
        case 'failure':
          reject(unpackError(message.error));
          break;
      }
    });
    child.on('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'ENOENT'
          ? environmentError('taskset is not installed', 'Install util-linux, or do not pin cores.', error)
          : error,
      );
    });
    child.on('exit', (code, signal) => {
      reject(new Error(`the load driver ended before its result (${signal ?? `exit code ${code}`})`));
    });
  });
}

function tell(child: ChildProcess, command: DriverCommand): Promise<void> {
  return new Promise((resolve) => {
    // A failure shows as the child's exit, which `outcomeOf` reports.
    if (child.connected) child.send(command, () => resolve());
    else resolve();
  });
}
