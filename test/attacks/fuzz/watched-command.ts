import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { treePeakMib } from '../../fixtures/process-tree.js';
import { HAS_PROC } from '../victim/proc.js';

const MAIN = fileURLToPath(new URL('../../../packages/cli/dist/main.js', import.meta.url));
const LOOK_EVERY_MS = 50;

export interface WatchedCommand {
  readonly args: readonly string[];
  readonly endsWithinMs: number;
  readonly environment?: Readonly<Record<string, string>>;
  /** Signals for the whole group, as Ctrl-C sends them: so long after the start, and so long after that. */
  readonly interruptAfterMs?: readonly number[];
}

export interface WatchedEnd {
  /** Null where it did not end by itself. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Of it and all that it started; 0 where that cannot be known. */
  readonly peakMib: number;
}

/** Runs `servelab`; it and all that it started are ended when it takes too long. */
export async function watchedCommand(command: WatchedCommand): Promise<WatchedEnd> {
  const { args, endsWithinMs, environment = {}, interruptAfterMs = [] } = command;
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { ...process.env, ...environment },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const pid = child.pid ?? 0;
  let [stdout, stderr, peakMib] = ['', '', 0];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const signalGroup = (name: NodeJS.Signals) => {
    try {
      process.kill(-pid, name);
    } catch {} // it has ended
  };
  const timers = [
    setInterval(() => {
      if (HAS_PROC) peakMib = Math.max(peakMib, treePeakMib(pid));
    }, LOOK_EVERY_MS),
    setTimeout(() => signalGroup('SIGKILL'), endsWithinMs),
    ...interruptAfterMs.map((ms) => setTimeout(() => signalGroup('SIGINT'), ms)),
  ];
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  for (const timer of timers) clearInterval(timer);
  signalGroup('SIGKILL'); // a driver that outlived it
  return { code, stdout, stderr, peakMib };
}
