import { spawnSync } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Docker,
  knownPhotographs,
  openDocker,
  PEERS,
  type PodContainer,
  runDriver,
} from '@servelab/lab';
import { Pod } from '@servelab/lab/internal/pod';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { adapterOf, deployedContainers } from '../../packages/cli/src/smoke/deployments.js';
import { containersMissing } from '../fixtures/docker.js';
import { Service } from './service.js';

const S = 1e6;
const USERS = 4;
/** Requests on each side of what is done to the pods. */
const ENOUGH = 50;

const containers = await deployedContainers();
const LACKING = lacking();
const STACKS = ['servelab', ...PEERS.map(({ name }) => name)];

let docker: Docker;
let folder: string;
let service: Service;
const pods = new Set<Pod>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'servelab-rolling-'));
  if (LACKING === null) docker = await openDocker(process.env, new AbortController().signal);
});
afterEach(async () => {
  await service?.stop();
  for (const pod of pods) await pod.remove();
  pods.clear();
});
afterAll(() => rm(folder, { recursive: true }));

/** Puts users on the Service until told to stop; their connections are kept where the stack says when it ends them. */
function users(name: string) {
  const enough = new AbortController();
  let done = 0;
  const progressed = new EventEmitter();
  const keepAlive = name === 'servelab';
  const adapter = adapterOf(containerOf(name));
  if (adapter === null) throw new Error(`${name} serves no model`);
  const ended = knownPhotographs(process.env).then((photographs) =>
    runDriver(
      {
        url: `${service.url}/predict`,
        adapter,
        ...(keepAlive ? {} : { headers: { connection: 'close' } }),
        images: photographs.map(({ path }) => ({ path, expectedClass: null })),
        load: { mode: 'closed', concurrency: USERS },
        warmupUs: 0,
        durationUs: 600 * S,
        timeoutUs: 60 * S,
        graceUs: 60 * S,
        seed: 1,
        checkShare: 0,
        recordsPath: join(folder, 'records.ndjson'),
      },
      {
        signal: enough.signal,
        onProgress: (progress) => {
          done = progress.done;
          progressed.emit('progress');
        },
      },
    ),
  );
  let over = false;
  const end = () => {
    over = true;
    progressed.emit('progress');
  };
  void ended.then(end, end);
  return {
    /** Waits until so many more requests have their outcome. */
    async more(count: number): Promise<void> {
      for (const from = done; done < from + count; ) {
        if (over) throw new Error('the load ended by itself');
        await once(progressed, 'progress');
      }
    },
    stop() {
      enough.abort();
      return ended;
    },
  };
}

async function startPod(name: string): Promise<Pod> {
  const pod = await Pod.start(docker, containerOf(name));
  pods.add(pod);
  await pod.untilReady(new AbortController().signal);
  return pod;
}

describe.skipIf(LACKING !== null)(`a rolling replacement under load (${LACKING ?? 'Docker'})`, () => {
  it.for(STACKS)('of %s loses no request', async (name) => {
    service = await Service.start();
    const before = await startPod(name);
    await service.add(before.url);
    const load = users(name);
    await load.more(ENOUGH);

    // As a Deployment with maxUnavailable 0 and maxSurge 1 goes about it.
    const after = await startPod(name);
    await service.add(after.url);
    const end = await before.end(() => service.remove(before.url));
    await load.more(ENOUGH);
    const { counts, errors } = await load.stop();

    expect(errors).toEqual([]);
    expect(counts.ok).toBeGreaterThanOrEqual(2 * ENOUGH);
    expect(counts.ok + counts.incomplete).toBe(counts.scheduled);
    expect(end.exitCode).not.toBe(137);
  });
});

describe.skipIf(LACKING !== null)(`a container killed under load (${LACKING ?? 'Docker'})`, () => {
  it('costs what it was answering, and nothing once it is no endpoint any more', async () => {
    service = await Service.start();
    const [victim, other] = [await startPod('servelab'), await startPod('servelab')];
    for (const pod of [victim, other]) await service.add(pod.url);
    const load = users('servelab');
    await load.more(ENOUGH);
    // As a machine that fails does it.
    await docker(['kill', '--signal', 'KILL', victim.name]);
    await service.remove(victim.url);
    const successor = await startPod('servelab');
    await service.add(successor.url);
    await load.more(ENOUGH);
    const { counts } = await load.stop();
    expect(counts.ok).toBeGreaterThan(ENOUGH);
    // Each user had one request on its way, and may have met the dead container once more.
    expect(counts.failed).toBeLessThanOrEqual(2 * USERS);
    expect(counts.ok + counts.failed + counts.incomplete).toBe(counts.scheduled);
  });
});

/** What the Deployment says whose image has this name. */
function containerOf(name: string): PodContainer {
  const container = containers.get(name);
  if (container === undefined) throw new Error(`no Deployment has the image ${name}`);
  return container;
}

/** Why nothing of this can be run here; null where it can. */
function lacking(): string | null {
  const missing = containersMissing(containerOf('servelab').image);
  if (missing !== null) return missing;
  return spawnSync('haproxy', ['-v']).status === 0 ? null : 'haproxy is not installed';
}
