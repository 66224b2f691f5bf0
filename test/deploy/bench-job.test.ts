import { randomUUID } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reportSchema } from '@servelab/core/report-schema';
import { type Docker, openDocker, type PodContainer } from '@servelab/lab';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deployedContainers } from '../../packages/cli/src/smoke/deployments.js';
import { dockerRunArguments } from '../../packages/lab/src/containers/docker-arguments.js';
import { containersMissing } from '../fixtures/docker.js';
import type { Container, KubernetesObject, PodSpec } from './kubernetes-object.js';
import { KUBECTL_MISSING, render } from './overlays.js';

/** Those that run; the other Services of its servelab.yaml do not exist. */
const STACKS = ['servelab', 'fastapi'];
const POD_NAME = 'bench-abcde';
const ID = `servelab-job-${randomUUID().slice(0, 8)}`;
/** Cut short, as anybody can by a variable. */
const SHORT = { SERVELAB_REPEATS: '1', SERVELAB_DURATION: '500ms', SERVELAB_WARMUP: '500ms' };

const deployed = await deployedContainers();
const LACKING = containersMissing(...STACKS.map((name) => podOf(name).image)) ?? KUBECTL_MISSING;

let docker: Docker;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'servelab-job-'));
  if (LACKING !== null) return;
  docker = await openDocker(process.env, new AbortController().signal);
  await docker(['network', 'create', ID]);
});
afterAll(async () => {
  if (LACKING === null) {
    const started = await docker(['ps', '--all', '--quiet', '--filter', `label=${ID}`]);
    for (const container of started.split('\n').filter(Boolean)) await docker(['rm', '--force', container]);
    await docker(['network', 'rm', ID]);
  }
  await rm(folder, { recursive: true });
});

describe.skipIf(LACKING !== null)(`the Job that measures in the cluster (${LACKING ?? 'Docker'})`, () => {
  it('measures the Services that are there, says which are not, and leaves its report', async () => {
    for (const name of STACKS) await startService(name);
    const { job, config } = benchObjects();
    for (const [file, text] of Object.entries(config))
      await writeFile(join(await volume('config'), file), text);

    for (const container of [...(job.initContainers ?? []), ...job.containers])
      await runToItsEnd(container, job);

    const text = await readFile(join(folder, 'results', POD_NAME, 'report.json'), 'utf8');
    const { stacks, verdict } = reportSchema.parse(JSON.parse(text));
    const measured = stacks.filter(({ points }) => points.some(({ counts }) => (counts.ok ?? 0) > 0));
    expect(measured.map(({ name }) => name).sort()).toEqual(['cluster-fastapi', 'cluster-servelab']);
    expect(verdict.reasons.join('\n'), JSON.stringify(verdict)).toContain('cluster-bentoml');
  });
});

/** A pod that the name of its Service leads to. */
async function startService(name: string): Promise<void> {
  const pod = podOf(name);
  const [run = '', ...words] = dockerRunArguments(pod, `${ID}-${name}`, ID);
  await docker([run, '--network', ID, '--network-alias', pod.deployment, ...words]);
}

function podOf(name: string): PodContainer {
  const pod = deployed.get(name);
  if (pod === undefined) throw new Error(`no Deployment has the image ${name}`);
  return pod;
}

/** The pod of the Job, and the files of its ConfigMap. */
function benchObjects(): { job: PodSpec; config: Readonly<Record<string, string>> } {
  const find = <T>(kind: string) =>
    render('overlays/bench').find((object: KubernetesObject) => object.kind === kind) as T | undefined;
  const job = find<{ spec: { template: { spec: PodSpec } } }>('Job')?.spec.template.spec;
  const config = find<{ data: Record<string, string> }>('ConfigMap')?.data;
  if (job === undefined || config === undefined) throw new Error('the overlay has no Job or no ConfigMap');
  return { job, config };
}

/** A folder in the place of a volume, which the pod's group may write to (`fsGroup`). */
async function volume(name: string): Promise<string> {
  const path = join(folder, name);
  await mkdir(path, { recursive: true });
  await chmod(path, 0o777);
  return path;
}

/** A container of the Job, as the kubelet runs it: its variables stand for `$(NAME)`, and only its mounts are writable. */
async function runToItsEnd(
  container: Container & { command?: readonly string[] },
  pod: PodSpec,
): Promise<void> {
  const variables = Object.fromEntries(
    (container.env ?? []).map(({ name, value }) => [name, value ?? POD_NAME]),
  );
  const words = [...(container.command ?? []), ...(container.args ?? [])].map((word) =>
    word.replace(/\$\((\w+)\)/g, (_, name: string) => variables[name] ?? ''),
  );
  const mounts: string[] = [];
  for (const { name, mountPath } of container.volumeMounts ?? []) {
    mounts.push('--volume', `${await volume(name)}:${mountPath}`);
  }
  const [entry = '', ...rest] = container.command === undefined ? ['', ...words] : words;
  await docker([
    ...['run', '--rm', '--label', ID, '--network', ID],
    ...['--user', `${pod.securityContext?.runAsUser}`],
    ...(container.securityContext?.readOnlyRootFilesystem === true ? ['--read-only'] : []),
    ...(container.securityContext?.capabilities?.drop ?? []).flatMap((name) => ['--cap-drop', name]),
    ...mounts,
    ...Object.entries({ ...SHORT, ...variables }).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    ...(entry === '' ? [] : ['--entrypoint', entry]),
    container.image,
    ...rest,
  ]);
}
