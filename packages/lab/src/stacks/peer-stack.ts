import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { freePort, isFree } from '@servelab/node';
import type { AdapterSpec } from '../adapters/adapter.js';
import { pinnedCommand, pinProcesses } from '../machine/cores.js';
import { type ProcessUsage, treeUsage } from '../machine/process-usage.js';
import { installedVersion } from '../peers/installed-version.js';
import type { Peer, PeerFormName } from '../peers/peer.js';
import { peerLaunch } from '../peers/peer-launch.js';
import type { ProcessGroup } from '../process/process-group.js';
import { answers } from '../process/readiness.js';
import { startProcess } from '../process/start-process.js';
import { ProcessStack } from './process-stack.js';
import { type RunningStack, type Stack, type StackDescription, StackFailure, startFailure } from './stack.js';
import { warmUp } from './warm-up.js';

const HOST = '127.0.0.1';
/** TensorFlow alone takes ten seconds on a busy core, and Ray starts half a dozen processes. */
export const PEER_START_TIMEOUT_MS = 180_000;
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
    start: (cores, signal) => startPeer(description.name, setup, cores, signal),
  };
}

async function startPeer(
  name: string,
  setup: PeerSetup,
  cores: readonly number[] | null,
  signal: AbortSignal,
): Promise<RunningStack> {
  const { readyPath, pinned, stopGraceMs = STOP_GRACE_MS } = setup.peer.forms[setup.form];
  const port = await freePort();
  const url = `http://${HOST}:${port}`;
  const temporary = await mkdtemp(join(tmpdir(), 'sl-')); // short: Ray makes paths of sockets from it
  try {
    const { command, cwd, environment } = peerLaunch({ ...setup, host: HOST, port });
    const early = pinned === 'once ready' ? null : cores;
    const { group } = await startProcess(
      { command: pinnedCommand(early, command), environment: { ...environment, TMPDIR: temporary }, cwd },
      answers({ url: `${url}${readyPath}`, anyStatus: false }),
      { timeoutMs: PEER_START_TIMEOUT_MS, stopGraceMs },
      startFailure(name),
      signal,
    );
    try {
      if (cores !== null) await pin(group, cores);
      await warmUpPeer(name, setup, group, `${url}/predict`, signal);
      const members = (await group.members()) ?? [];
      const version = (await installedVersion(setup.environmentFolder, setup.peer.distribution)) ?? 'unknown';
      return new RunningPeer(group, version, { url, port, members, temporary, stopGraceMs });
    } catch (error) {
      await group.stop(stopGraceMs);
      throw error;
    }
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  }
}

/** Twice: what was just being started when the first round looked is found by the second. */
async function pin(group: ProcessGroup, cores: readonly number[]): Promise<void> {
  for (let round = 0; round < 2; round++) await pinProcesses((await group.members()) ?? [], cores);
}

/** @throws StackFailure where the first answer is not a prediction */
async function warmUpPeer(
  name: string,
  { peer, form, adapter, imagePath }: PeerSetup,
  group: ProcessGroup,
  url: string,
  signal: AbortSignal,
): Promise<void> {
  const { warmupRequests = WARMUP_REQUESTS } = peer.forms[form];
  const image = { name: basename(imagePath), bytes: await readFile(imagePath) };
  const trouble = await warmUp({ url, adapter, image, requests: warmupRequests }, signal);
  if (trouble === null) return;
  throw new StackFailure(`${name} is ready but does not answer: ${trouble}`, group.logTail);
}

interface PeerPlace {
  readonly url: string;
  readonly port: number;
  /** Ids of its processes, daemons included. */
  readonly members: readonly number[];
  /** Folder of its temporary files. */
  readonly temporary: string;
  readonly stopGraceMs: number;
}

class RunningPeer extends ProcessStack {
  readonly #place: PeerPlace;

  constructor(group: ProcessGroup, version: string, place: PeerPlace) {
    super(group, `${place.url}/predict`, version);
    this.#place = place;
  }

  override async usage(): Promise<ProcessUsage | null> {
    return await treeUsage(...this.#place.members);
  }

  override async stop(): Promise<string[]> {
    const { temporary, port, stopGraceMs } = this.#place;
    const left = await this.group.stop(stopGraceMs);
    await rm(temporary, { recursive: true, force: true });
    return (await isFree(port)) ? left : [...left, `somebody at port ${port}`];
  }
}
