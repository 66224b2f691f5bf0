import type { BatchJournal, BatchRecord } from '@servelab/core';
import { request } from 'undici';
import type { AdapterSpec } from '../adapters/adapter.js';
import { pinnedCommand } from '../machine/cores.js';
import { type ProcessUsage, treeUsage } from '../machine/process-usage.js';
import { ProcessGroup } from '../process/process-group.js';
import { type RunningStack, type Stack, type StackDescription, StackFailure } from './stack.js';

const START_TIMEOUT_MS = 60_000;

/** How to run our own server: the lab knows it, like every other stack, only as a command and a URL. */
export interface ServelabLaunch {
  /** The command line up to and including `serve`. */
  readonly serveCommand: readonly string[];
  /** Further flags, for example `['--runtime', 'simulated', '--cost', 'keras-predict']`. */
  readonly flags: readonly string[];
  readonly adapter: AdapterSpec;
}

export function servelabStack(description: StackDescription, launch: ServelabLaunch): Stack {
  return {
    ...description,
    adapter: launch.adapter,
    async start(cores, signal) {
      const command = [
        ...launch.serveCommand,
        ...['--port', '0', '--policy', description.policy, '--precision', description.precision],
        ...launch.flags,
      ];
      const group = new ProcessGroup(pinnedCommand(cores, command), {
        // One thread of mathematics, as for every stack.
        OMP_NUM_THREADS: '1',
      });
      const ready = await group.waitForLine(/^listening (http:\/\/\S+)/m, START_TIMEOUT_MS, signal);
      const url = ready?.[1];
      if (url === undefined) {
        const why = group.alive ? `was not ready within ${START_TIMEOUT_MS / 1000} s` : group.exitDescription;
        await group.stop();
        throw new StackFailure(`${description.name} ${why}`, group.logTail);
      }
      return new RunningServelab(group, url, await factsOf(url));
    },
  };
}

/** What the server says of itself. */
interface ServerFacts {
  readonly version: string;
  readonly device: string | null;
}

class RunningServelab implements RunningStack {
  readonly #group: ProcessGroup;
  readonly url: string;
  readonly version: string;
  readonly device: string | null;

  constructor(group: ProcessGroup, url: string, { version, device }: ServerFacts) {
    this.#group = group;
    this.url = url;
    this.version = version;
    this.device = device;
  }

  get predictUrl(): string {
    return `${this.url}/predict`;
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
    const { statusCode, body } = await request(`${this.url}/debug/batches`);
    if (statusCode !== 200) {
      await body.dump();
      return [];
    }
    return ((await body.json()) as BatchJournal).batches;
  }

  async stop(): Promise<string[]> {
    return await this.#group.stop();
  }
}

async function factsOf(url: string): Promise<ServerFacts> {
  const { body } = await request(`${url}/health`);
  const { version, device } = (await body.json()) as Partial<ServerFacts>;
  return { version: version ?? 'unknown', device: device ?? null };
}
