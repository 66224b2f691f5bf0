import type { BatchJournal, BatchRecord } from '@servelab/core';
import { request } from 'undici';
import type { AdapterSpec } from '../adapters/adapter.js';
import { pinnedCommand } from '../machine/cores.js';
import type { ProcessGroup } from '../process/process-group.js';
import { printsLine } from '../process/readiness.js';
import { startProcess } from '../process/start-process.js';
import { ProcessStack } from './process-stack.js';
import { type Stack, type StackDescription, startFailure } from './stack.js';

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
      const { group, shown } = await startProcess(
        // One thread of mathematics, as for every stack.
        { command: pinnedCommand(cores, command), environment: { OMP_NUM_THREADS: '1' } },
        printsLine(/^listening (http:\/\/\S+)/m),
        { timeoutMs: START_TIMEOUT_MS },
        startFailure(description.name),
        signal,
      );
      const url = shown[1] ?? '';
      return new RunningServelab(group, url, await factsOf(url));
    },
  };
}

/** What the server says of itself. */
interface ServerFacts {
  readonly version: string;
  readonly device: string | null;
}

class RunningServelab extends ProcessStack {
  readonly device: string | null;

  constructor(group: ProcessGroup, url: string, { version, device }: ServerFacts) {
    super(group, `${url}/predict`, version);
    this.device = device;
  }

  override async batches(): Promise<BatchRecord[]> {
    const { statusCode, body } = await request(`${this.url}/debug/batches`);
    if (statusCode !== 200) {
      await body.dump();
      return [];
    }
    return ((await body.json()) as BatchJournal).batches;
  }
}

async function factsOf(url: string): Promise<ServerFacts> {
  const { body } = await request(`${url}/health`);
  const { version, device } = (await body.json()) as Partial<ServerFacts>;
  return { version: version ?? 'unknown', device: device ?? null };
}
