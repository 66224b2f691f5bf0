import { existsSync } from 'node:fs';
import { type BatchRecord, hideCredentials } from '@servelab/core';
import { pinnedCommand } from '../../machine/cores.js';
import { type ProcessUsage, treeUsage } from '../../machine/process-usage.js';
import { ProcessGroup } from '../../process/process-group.js';
import { type RunningStack, StackFailure } from '../stack.js';
import { type OwnServerStart, withPort } from './own-server.js';
import { type Readiness, untilReady, whyNotReady } from '../../process/readiness.js';

const START_TIMEOUT_MS = 120_000;

/** One thread of mathematics, as for every stack; an entry's own `environment` comes after it. */
const THREAD_CAPS = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };

/** Where a server of the user's own is, once its port is known. */
export interface Whereabouts {
  readonly predictUrl: string;
  readonly readiness: Readiness;
  /** The port that was chosen for it; null where the configuration file names one. */
  readonly port: number | null;
}

/** A server of the user's own that the lab has started in a process group, on the server's cores. */
export class StartedServer implements RunningStack {
  readonly url: string;
  readonly predictUrl: string;
  readonly version = 'unknown';
  readonly #group: ProcessGroup;

  private constructor(predictUrl: string, group: ProcessGroup) {
    this.url = new URL(predictUrl).origin;
    this.predictUrl = predictUrl;
    this.#group = group;
  }

  /** @throws StackFailure when it is not ready in time or ends instead; nothing is left running then */
  static async start(
    name: string,
    start: OwnServerStart,
    { predictUrl, readiness, port }: Whereabouts,
    cores: readonly number[] | null,
    signal: AbortSignal,
  ): Promise<StartedServer> {
    // The system would only say that the program does not exist.
    if (!existsSync(start.cwd)) throw new StackFailure(`${name}: there is no folder ${start.cwd}`, '');
    if ((await whyNotReady({ ...readiness, anyStatus: true }, signal)) === null) {
      throw new StackFailure(
        `${name}: something runs at ${hideCredentials(readiness.url)} before it is started`,
        '',
      );
    }
    const group = launch(start, port, cores);
    try {
      const trouble = await untilReady(readiness, () => group.alive, START_TIMEOUT_MS, signal);
      if (!group.alive) throw new StackFailure(`${name} ${group.exitDescription}`, group.logTail);
      if (trouble === null) return new StartedServer(predictUrl, group);
      const limit = `was not ready within ${START_TIMEOUT_MS / 1000} s`;
      throw new StackFailure(`${name} ${limit}: ${trouble}`, group.logTail);
    } catch (error) {
      await group.stop();
      throw error;
    }
  }

  alive(): boolean {
    return this.#group.alive;
  }

  logTail(): string {
    return this.#group.logTail;
  }

  async usage(): Promise<ProcessUsage | null> {
    return this.#group.pid === undefined ? null : await treeUsage(this.#group.pid);
  }

  async batches(): Promise<BatchRecord[]> {
    return [];
  }

  async stop(): Promise<string[]> {
    return await this.#group.stop();
  }
}

function launch(start: OwnServerStart, port: number | null, cores: readonly number[] | null): ProcessGroup {
  const filled = (text: string) => (port === null ? text : withPort(text, port));
  const variables = Object.entries(start.environment).map(([name, value]) => [name, filled(value)]);
  const environment: Record<string, string> = {
    ...THREAD_CAPS,
    ...(port === null ? {} : { PORT: String(port) }),
    ...Object.fromEntries(variables),
  };
  return new ProcessGroup(pinnedCommand(cores, start.command.map(filled)), environment, start.cwd);
}
