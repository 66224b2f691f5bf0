import { existsSync } from 'node:fs';
import { hideCredentials } from '@servelab/core';
import { pinnedCommand } from '../../machine/cores.js';
import { answers, type ReadyProbe, whyNotReady } from '../../process/readiness.js';
import { type Launch, startProcess } from '../../process/start-process.js';
import { ProcessStack } from '../process-stack.js';
import { type RunningStack, StackFailure, startFailure } from '../stack.js';
import { type OwnServerStart, withPort } from './own-server.js';

const START_TIMEOUT_MS = 120_000;

/** One thread of mathematics, as for every stack; an entry's own `environment` comes after it. */
const THREAD_CAPS = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };

/** Where a server of the user's own is, once its port is known. */
export interface Whereabouts {
  readonly predictUrl: string;
  readonly probe: ReadyProbe;
  /** The port that was chosen for it; null where the configuration file names one. */
  readonly port: number | null;
}

/**
 * Starts a server of the user's own in a process group, on the server's cores.
 *
 * @throws StackFailure when it is not ready in time or ends instead; nothing is left running then
 */
export async function startOwnServer(
  name: string,
  start: OwnServerStart,
  { predictUrl, probe, port }: Whereabouts,
  cores: readonly number[] | null,
  signal: AbortSignal,
): Promise<RunningStack> {
  // The system would only say that the program does not exist.
  if (!existsSync(start.cwd)) throw new StackFailure(`${name}: there is no folder ${start.cwd}`, '');
  if ((await whyNotReady({ ...probe, anyStatus: true }, signal)) === null) {
    throw new StackFailure(
      `${name}: something runs at ${hideCredentials(probe.url)} before it is started`,
      '',
    );
  }
  const { group } = await startProcess(
    launchOf(start, port, cores),
    answers(probe),
    { timeoutMs: START_TIMEOUT_MS },
    startFailure(name),
    signal,
  );
  return new ProcessStack(group, predictUrl, 'unknown');
}

function launchOf(start: OwnServerStart, port: number | null, cores: readonly number[] | null): Launch {
  const filled = (text: string) => (port === null ? text : withPort(text, port));
  const variables = Object.entries(start.environment).map(([name, value]) => [name, filled(value)]);
  return {
    command: pinnedCommand(cores, start.command.map(filled)),
    environment: {
      ...THREAD_CAPS,
      ...(port === null ? {} : { PORT: String(port) }),
      ...Object.fromEntries(variables),
    },
    cwd: start.cwd,
  };
}
