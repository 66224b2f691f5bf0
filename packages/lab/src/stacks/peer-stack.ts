import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { BatchRecord } from '@servelab/core';
import type { AdapterSpec } from '../adapters/adapter.js';
import { pinnedCommand, pinProcesses } from '../machine/cores.js';
import { freePort, isFree } from '@servelab/node';
import { type ProcessUsage, treeUsage } from '../machine/process-usage.js';
import { installedVersion } from '../peers/installed-version.js';
import type { Peer, PeerFormName } from '../peers/peer.js';
import { type PeerLaunch, peerLaunch } from '../peers/peer-launch.js';
import { ProcessGroup } from '../process/process-group.js';
import { type RunningStack, type Stack, type StackDescription, StackFailure } from './stack.js';
import { untilReady } from './until-ready.js';
import { warmUp } from './warm-up.js';

const HOST = '127.0.0.1';
/** TensorFlow alone takes ten seconds on a busy core, and Ray starts half a dozen processes. */
const START_TIMEOUT_MS = 180_000;
const STOP_GRACE_MS = 5000;
const WARMUP_REQUESTS = 16;

/** A peer in one form, and where its parts lie on this machine. */
export interface PeerSetup {
  readonly peer: Peer;
  readonly form: PeerFormName;
  readonly environmentFolder: string;
  readonly modelPath: string;
  readonly labelsPath: string;
  readonly adapter: AdapterSpec;
  /** What it is warmed up with. */
  readonly imagePath: string;
  readonly maxBatchSize?: number;
}

/** A Python framework, started afresh from its own environment and ended with all that it started. */
export function peerStack(description: StackDescription, setup: PeerSetup): Stack {
  return {
    ...description,
    adapter: setup.adapter,
    async start(cores, signal) {
      const port = await freePort();
      const temporary = await mkdtemp(join(tmpdir(), 'sl-')); // short: Ray makes paths of sockets from it
      const launch = peerLaunch({ ...setup, host: HOST, port });
      const running = new RunningPeer(setup, port, temporary, startGroup(setup, launch, temporary, cores));
      try {
        await running.prepare(description.name, cores, signal);
        return running;
      } catch (error) {
        await running.stop();
        throw error;
      }
    },
  };
}

function startGroup(
  { peer, form }: PeerSetup,
  { command, cwd, environment }: PeerLaunch,
  temporary: string,
  cores: readonly number[] | null,
): ProcessGroup {
  const early = peer.forms[form].pinned === 'once ready' ? null : cores;
  return new ProcessGroup(pinnedCommand(early, command), { ...environment, TMPDIR: temporary }, cwd);
}

class RunningPeer implements RunningStack {
  readonly #setup: PeerSetup;
  readonly #port: number;
  readonly #temporary: string;
  readonly #group: ProcessGroup;
  #members: readonly number[] = [];
  version = 'unknown';

  constructor(setup: PeerSetup, port: number, temporary: string, group: ProcessGroup) {
    this.#setup = setup;
    this.#port = port;
    this.#temporary = temporary;
    this.#group = group;
  }

  get url(): string {
    return `http://${HOST}:${this.#port}`;
  }

  get predictUrl(): string {
    return `${this.url}/predict`;
  }

  /** @throws StackFailure */
  async prepare(name: string, cores: readonly number[] | null, signal: AbortSignal): Promise<void> {
    const { peer, form, adapter, imagePath, environmentFolder } = this.#setup;
    const fail = (why: string) => new StackFailure(`${name} ${why}`, this.#group.logTail);
    const { ready: probe, warmupRequests = WARMUP_REQUESTS } = peer.forms[form];
    const ready = await untilReady(
      { url: `${this.url}${probe.path}`, method: probe.method, timeoutMs: START_TIMEOUT_MS },
      this.#group,
      signal,
    );
    signal.throwIfAborted();
    if (!ready && this.#group.alive) throw fail(`was not ready within ${START_TIMEOUT_MS / 1000} s`);
    if (!ready) throw fail(this.#group.exitDescription);
    if (cores !== null) await this.#pin(cores);
    const image = { name: basename(imagePath), bytes: await readFile(imagePath) };
    const trouble = await warmUp({ url: this.predictUrl, adapter, image, requests: warmupRequests }, signal);
    if (trouble !== null) throw fail(`is ready but does not answer: ${trouble}`);
    this.#members = (await this.#group.members()) ?? [];
    this.version = (await installedVersion(environmentFolder, peer.distribution)) ?? 'unknown';
  }

  /** Twice: what was just being started when the first round looked is found by the second. */
  async #pin(cores: readonly number[]): Promise<void> {
    for (let round = 0; round < 2; round++) {
      await pinProcesses((await this.#group.members()) ?? [], cores);
    }
  }

  alive(): boolean {
    return this.#group.alive;
  }

  logTail(): string {
    return this.#group.logTail;
  }

  async usage(): Promise<ProcessUsage | null> {
    return await treeUsage(...this.#members);
  }

  async batches(): Promise<BatchRecord[]> {
    return []; // told request by request in the server-timing header only
  }

  async stop(): Promise<string[]> {
    const { peer, form } = this.#setup;
    const left = await this.#group.stop(peer.forms[form].stopGraceMs ?? STOP_GRACE_MS);
    await rm(this.#temporary, { recursive: true, force: true });
    return (await isFree(this.#port)) ? left : [...left, `somebody at port ${this.#port}`];
  }
}
