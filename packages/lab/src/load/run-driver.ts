import { type ChildProcess, type ForkOptions, fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { environmentError } from '@servelab/core';
import { atExit } from '../process/at-exit.js';
import type { RequestRecord } from '../record/request-record.js';
import { phaseLimitMs } from './driver-deadline.js';
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
  /** How much longer than its plan says a driver may take before it is ended. */
  readonly overstayMs?: number;
}

const OVERSTAY_MS = 30_000;

/**
 * Runs one load in a process of its own and waits for its end.
 *
 * @throws UserError when the target cannot be reached or the plan cannot be run
 * @throws UserError (exit code 3) when the driver does not come to an end: it is killed then
 * @throws the signal's reason when the driver process has died after it: Ctrl-C reaches the whole process group, and a
 *   driver that is still loading does not handle it
 * @throws Error when the driver process dies
 */
export async function runDriver(plan: LoadPlan, options: RunDriverOptions = {}): Promise<LoadResult> {
  const child = startDriver(options.cpus);
  const overstayMs = options.overstayMs ?? OVERSTAY_MS;
  const deadline = new Deadline(child);
  const release = atExit(() => void child.kill('SIGKILL'));
  const abort = () => {
    deadline.within(overstayMs, 'after it was to stop');
    void tell(child, { type: 'abort' });
  };
  options.signal?.addEventListener('abort', abort, { once: true });
  try {
    const onPhase = (phase: DriverPhase | null) =>
      deadline.within(phaseLimitMs(plan, phase, overstayMs), phase === null ? 'starting' : phase);
    const result = outcomeOf(child, options, deadline, onPhase);
    onPhase(null);
    await tell(child, { type: 'start', plan });
    if (options.signal?.aborted === true) abort();
    return await result;
  } finally {
    options.signal?.removeEventListener('abort', abort);
    deadline.within(overstayMs, 'after its result');
    if (child.connected) child.disconnect();
    whenEnded(child, () => {
      deadline.clear();
      release();
    });
  }
}

function startDriver(cpus: string | undefined): ChildProcess {
  const entry = createRequire(import.meta.url).resolve('@servelab/lab/driver');
  // Standard output belongs to the command's own result.
  const options: ForkOptions = { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] };
  if (cpus === undefined) return fork(entry, options);
  return fork(entry, { ...options, execPath: 'taskset', execArgv: ['-c', cpus, process.execPath] });
}

function whenEnded(child: ChildProcess, then: () => void): void {
  const isRunning = child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  if (isRunning) child.once('exit', then);
  else then();
}

/** Ends the driver when it is silent for too long. */
class Deadline {
  /** Where it was then; null while it is in time. */
  overstayed: string | null = null;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly child: ChildProcess) {}

  within(limitMs: number, where: string): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.overstayed = where;
      this.child.kill('SIGKILL');
    }, limitMs);
  }

  clear(): void {
    clearTimeout(this.timer);
  }
}

function outcomeOf(
  child: ChildProcess,
  options: RunDriverOptions,
  deadline: Deadline,
  onNextPhase: (phase: DriverPhase) => void,
): Promise<LoadResult> {
  const { onProgress, onPhase, signal: stop } = options;
  const records: RequestRecord[] = [];
  return new Promise((resolve, reject) => {
    child.on('message', (message: DriverMessage) => {
      switch (message.type) {
        case 'phase':
          onNextPhase(message.phase);
          onPhase?.(message.phase, message.atUs);
          break;
        case 'progress':
          onProgress?.(message.progress);
          break;
        case 'records':
          for (const record of message.records) records.push(record);
          break;
        case 'result': {
          const { unwritten } = message.result;
          resolve({
            ...message.result,
            ...(unwritten !== undefined && { unwritten: { ...unwritten, records } }),
          });
          break;
        }
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
      if (deadline.overstayed !== null) reject(overstayed(deadline.overstayed));
      else if (stop?.aborted === true) reject(stop.reason);
      else reject(new Error(`the load driver ended before its result (${signal ?? `exit code ${code}`})`));
    });
  });
}

const overstayed = (where: string) =>
  environmentError(
    `the load driver did not come to an end (${where}), and was ended`,
    'See whether the machine is overloaded or was suspended, and run again.',
  );

function tell(child: ChildProcess, command: DriverCommand): Promise<void> {
  return new Promise((resolve) => {
    // A failure shows as the child's exit, which `outcomeOf` reports.
    if (child.connected) child.send(command, () => resolve());
    else resolve();
  });
}
