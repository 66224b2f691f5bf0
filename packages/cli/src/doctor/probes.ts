import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { availableParallelism, freemem } from 'node:os';
import { promisify } from 'node:util';
import { findCores } from '@servelab/lab';
import { errorCode, isFree } from '@servelab/node';
import type { Finding, Weight } from './findings.js';

const execute = promisify(execFile);
const MEMORY_NEEDED_GIB = 1;
const PROBE_TIMEOUT_MS = 10_000;

/** A program that some part of servelab runs. */
interface Program {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly weight: Weight;
  readonly fix: string;
}

const PROGRAMS: readonly Program[] = [
  {
    name: 'git',
    command: ['git', '--version'],
    weight: 'recommended',
    fix: 'records the commit of a run; install git.',
  },
  {
    name: 'make',
    command: ['make', '--version'],
    weight: 'recommended',
    fix: 'runs the short commands; install make, or call ./servelab directly.',
  },
  {
    name: 'docker',
    command: ['docker', 'version', '--format', '{{.Server.Version}}'],
    weight: 'optional',
    fix: 'builds and runs the images; install Docker and start its engine.',
  },
  {
    name: 'kind',
    command: ['kind', 'version'],
    weight: 'optional',
    fix: 'runs a local cluster; see https://kind.sigs.k8s.io.',
  },
  {
    name: 'kubectl',
    command: ['kubectl', 'version', '--client'],
    weight: 'optional',
    fix: 'deploys to a cluster; see https://kubernetes.io/docs/tasks/tools.',
  },
];

/** Everything that `doctor` looks at, in the order in which it is shown. */
export async function examineMachine(
  model: () => Promise<Finding>,
  devices: () => Promise<Finding[]>,
  peers: () => Promise<Finding[]>,
): Promise<Finding[]> {
  const [deviceFindings, peerFindings, ...others] = await Promise.all([
    devices(),
    peers(),
    nodeVersion(),
    cores(),
    memory(),
    model(),
    port(8080),
    ...PROGRAMS.map(program),
    chromium(),
  ]);
  return [...others, ...deviceFindings, ...peerFindings];
}

async function nodeVersion(): Promise<Finding> {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const ok = major > 20 || (major === 20 && minor >= 19);
  return {
    name: 'node',
    weight: 'required',
    ok,
    found: process.version,
    fix: 'install Node 20.19 or newer.',
  };
}

async function cores(): Promise<Finding> {
  const plan = await findCores();
  const count = availableParallelism();
  return {
    name: 'cores',
    weight: 'recommended',
    ok: plan.pinned,
    found: plan.pinned
      ? `${count}: server on ${plan.server.join(',')}, client on ${plan.client.join(',')}`
      : `${count}: ${plan.reason}`,
    fix: 'runs are marked VALID_UNPINNED without a core each; use Linux with two cores and util-linux (taskset).',
  };
}

async function memory(): Promise<Finding> {
  const freeGib = freemem() / 2 ** 30;
  return {
    name: 'memory',
    weight: 'recommended',
    ok: freeGib >= MEMORY_NEEDED_GIB,
    found: `${freeGib.toFixed(1)} GiB free`,
    fix: `close something: a run takes up to ${MEMORY_NEEDED_GIB} GiB.`,
  };
}

async function port(number: number): Promise<Finding> {
  const free = await isFree(number);
  return {
    name: `port ${number}`,
    weight: 'recommended',
    ok: free,
    found: free ? 'free' : 'in use',
    fix: 'the default of "servelab serve"; choose another with --port.',
  };
}

async function program({ name, command: [file, ...args], weight, fix }: Program): Promise<Finding> {
  try {
    const { stdout } = await execute(file, args, { timeout: PROBE_TIMEOUT_MS });
    return { name, weight, ok: true, found: stdout.split('\n')[0]?.trim() ?? '', fix };
  } catch (error) {
    const missing = errorCode(error) === 'ENOENT';
    return { name, weight, ok: false, found: missing ? 'not found' : 'found, but does not answer', fix };
  }
}

async function chromium(): Promise<Finding> {
  const path = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
  const ok = await access(path).then(
    () => true,
    () => false,
  );
  return {
    name: 'chromium',
    weight: 'optional',
    ok,
    found: ok ? path : 'not found',
    fix: 'tests of the report need it; install chromium or set CHROMIUM_PATH.',
  };
}
