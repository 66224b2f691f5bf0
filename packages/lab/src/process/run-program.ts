import { spawn } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { visibleText } from '@servelab/core';
import type { Environment } from '@servelab/node';
import { atExit } from './at-exit.js';
import { sendSignal } from './send-signal.js';

const TAIL_BYTES = 4096;
const END_GRACE_MS = 5000;

export interface ProgramCall {
  readonly command: readonly string[];
  readonly cwd?: string;
  readonly environment: Environment;
  readonly signal: AbortSignal;
  /** Leaves standard error to the terminal, where the program draws its progress by itself. */
  readonly showProgress?: boolean;
  /** Told its process id, to watch it. */
  readonly onStart?: (pid: number) => void;
}

export interface ProgramEnd {
  /** Null when it was ended by a signal or could not be started. */
  readonly code: number | null;
  readonly stdout: string;
  /** The last few kilobytes of standard output and standard error together. */
  readonly tail: string;
}

/**
 * Runs a program to its end. It leads a group of its own, so that with it everything is ended that it
 * started: on an abort with SIGTERM, and with SIGKILL for what has not gone after five seconds.
 */
export async function runProgram(call: ProgramCall): Promise<ProgramEnd> {
  const [program = '', ...args] = call.command;
  if (call.signal.aborted) return { code: null, stdout: '', tail: '' };
  const child = spawn(program, args, {
    cwd: call.cwd,
    env: { ...call.environment },
    detached: true,
    stdio: ['ignore', 'pipe', call.showProgress === true ? 'inherit' : 'pipe'],
  });
  if (child.pid !== undefined) call.onStart?.(child.pid);
  let stdout = '';
  let tail = '';
  const remember = (text: string) => {
    tail = (tail + text).slice(-TAIL_BYTES);
  };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    remember(text);
  });
  child.stderr?.setEncoding('utf8').on('data', remember);
  let killer: NodeJS.Timeout | undefined;
  const end = () => {
    signalGroup(child.pid, 'SIGTERM');
    killer = setTimeout(() => signalGroup(child.pid, 'SIGKILL'), END_GRACE_MS);
  };
  const release = atExit(() => signalGroup(child.pid, 'SIGKILL'));
  call.signal.addEventListener('abort', end, { once: true });
  try {
    const code = await new Promise<number | null>((resolve) => {
      child.once('error', (error) => {
        remember(error.message);
        resolve(null);
      });
      child.once('close', (exitCode) => resolve(exitCode));
    });
    return { code, stdout, tail: visibleText(stripVTControlCharacters(tail)) };
  } finally {
    call.signal.removeEventListener('abort', end);
    clearTimeout(killer);
    release();
    if (call.signal.aborted) signalGroup(child.pid, 'SIGKILL');
  }
}

function signalGroup(pid: number | undefined, name: NodeJS.Signals): void {
  if (pid !== undefined) sendSignal(-pid, name);
}
