import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KNOWN_PORTS } from '@servelab/lab';
import { afterEach, describe, expect, it } from 'vitest';
import { CHECKOUT } from '../fixtures/checkout.js';
import { FakeTools, REAL } from './fake-tools.js';
import { KUBECTL_MISSING } from './overlays.js';
import { IMAGES } from './rules/images.js';

const SCRIPTS = join(CHECKOUT, 'scripts');
const DEPLOY = join(SCRIPTS, 'deploy-k8s.sh');
const SHELLCHECK_MISSING =
  spawnSync('shellcheck', ['--version']).status === 0 ? null : 'shellcheck is not installed';

/** kubectl renders for real; what would go to a cluster is kept. */
const KUBECTL = `
case " $* " in
  *' kustomize '*) exec ${REAL} "$@" ;;
  *' current-context '*) echo chosen ;;
  *' apply '*) cat "\${@: -1}" >"$HOME/applied.yaml" ;;
  *' get services '*) printf 'fastapi-mobilenet 8000 %s\\nservelab-mobilenet 8080 %s\\n' "$NODE_PORT" "$NODE_PORT" ;;
esac`;
const KIND = 'case $1 in get) echo "$CLUSTERS" ;; esac';

let tools: FakeTools | undefined;
afterEach(async () => {
  await tools?.remove();
  tools = undefined;
});

/** Runs deploy-k8s.sh beside these tools. */
async function deploy(
  fakes: Readonly<Record<string, string>>,
  args: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
) {
  tools = await FakeTools.create(fakes);
  return await tools.run(DEPLOY, args, environment);
}
const ALL = { kubectl: KUBECTL, docker: '', kind: KIND };

it('all scripts are free of what shellcheck complains about', async ({ skip }) => {
  if (SHELLCHECK_MISSING !== null) return skip(SHELLCHECK_MISSING);
  const scripts = (await readdir(SCRIPTS))
    .filter((name) => name.endsWith('.sh'))
    .map((name) => `scripts/${name}`);
  const { stdout } = spawnSync('shellcheck', ['-x', ...scripts, 'servelab', '.ci/run'], {
    cwd: CHECKOUT,
    encoding: 'utf8',
  });
  expect(stdout).toBe('');
});

describe('deploy-k8s.sh', () => {
  it.for<[missing: string, fakes: Record<string, string>]>([
    ['kubectl is not installed', { docker: '', kind: KIND }],
    ['docker is not installed', { kubectl: KUBECTL, kind: KIND }],
    ['no Docker engine answers', { kubectl: KUBECTL, kind: KIND, docker: 'exit 1' }],
    ['kind is not installed', { kubectl: KUBECTL, docker: '' }],
    ['has not been built', { ...ALL, docker: '[ "$1" != image ]' }],
  ])('ends with 3 and a fix when %s', async ([missing, fakes], { skip }) => {
    if (KUBECTL_MISSING !== null) return skip(KUBECTL_MISSING);
    const { code, stderr, calls } = await deploy(fakes);
    expect(code).toBe(3);
    expect(stderr).toMatch(new RegExp(`^error: .*${missing}\nfix: .+\n$`));
    expect(calls.filter((call) => / (create|load|apply)\b/.test(call))).toEqual([]);
  });

  it('makes the Kind cluster, loads the images, applies the overlay and waits for every stack', async ({
    skip,
  }) => {
    if (KUBECTL_MISSING !== null) return skip(KUBECTL_MISSING);
    const { code, stdout, stderr, calls } = await deploy(ALL, [], { NODE_PORT: '30800' });
    expect(code, stderr).toBe(0);
    const to = 'kubectl --context kind-ml-benchmark';
    const waits = KNOWN_PORTS.map(({ name }) => `${name}-mobilenet`);
    expect(calls.filter((call) => !/^docker|kustomize/.test(call))).toEqual([
      'kind get clusters',
      'kind create cluster --name ml-benchmark --config kind-config.yaml --wait 120s',
      `kind load docker-image --name ml-benchmark ${[...IMAGES].sort().join(' ')}`,
      expect.stringMatching(
        `^${to} apply --prune --selector app.kubernetes.io/part-of=servelab .* --filename `,
      ),
      ...[...waits, 'locust']
        .sort()
        .map((name) => `${to} --namespace ml-benchmark rollout status deployment/${name} --timeout 600s`),
      expect.stringMatching(`^${to} --namespace ml-benchmark get services `),
    ]);
    expect(stdout).toContain('fastapi-mobilenet: http://localhost:8000\n');
  });

  it('keeps a Kind cluster that is there, and in it runs one stack where one is named', async ({ skip }) => {
    if (KUBECTL_MISSING !== null) return skip(KUBECTL_MISSING);
    const { code, stdout, stderr, calls } = await deploy(ALL, [], {
      STACK: 'fastapi',
      CLUSTERS: 'ml-benchmark',
      NODE_PORT: '30800',
    });
    expect(code, stderr).toBe(0);
    expect(
      calls.filter((call) => /^kind|rollout/.test(call)).map((call) => call.replace(/ --timeout.*/, '')),
    ).toEqual([
      'kind get clusters',
      `kind load docker-image --name ml-benchmark ${IMAGES.filter((name) => /fastapi|locust/.test(name))
        .sort()
        .join(' ')}`,
      'kubectl --context kind-ml-benchmark --namespace ml-benchmark rollout status deployment/fastapi-mobilenet',
      'kubectl --context kind-ml-benchmark --namespace ml-benchmark rollout status deployment/locust',
    ]);
    expect(stdout.trim()).toBe('fastapi-mobilenet: http://localhost:8000');
  });

  it.for([
    [['--context', 'work'], 'work'],
    [['--current-context'], 'chosen'],
  ] as const)(
    'deploys the base into a cluster of yours with %s, without Kind',
    async ([args, context], { skip }) => {
      if (KUBECTL_MISSING !== null) return skip(KUBECTL_MISSING);
      const { code, stdout, stderr, calls } = await deploy({ kubectl: KUBECTL }, args);
      expect(code, stderr).toBe(0);
      expect(calls.find((call) => call.includes(' apply '))).toMatch(`kubectl --context ${context} apply`);
      expect(stdout).toContain(
        `kubectl --context ${context} -n ml-benchmark port-forward service/fastapi-mobilenet 8000`,
      );
    },
  );

  it('pushes the images to a registry, and deploys those', async ({ skip }) => {
    if (KUBECTL_MISSING !== null) return skip(KUBECTL_MISSING);
    const { code, stderr, calls } = await deploy(ALL, ['--context', 'work'], {
      REGISTRY: 'registry.example/team',
    });
    expect(code, stderr).toBe(0);
    for (const image of IMAGES) {
      expect(calls).toContain(`docker tag ${image} registry.example/team/${image}`);
      expect(calls).toContain(`docker push registry.example/team/${image}`);
    }
    const applied = await readFile(join(tools?.folder ?? '', 'applied.yaml'), 'utf8');
    const images = [...applied.matchAll(/ image: (\S+)/g)].map(([, image]) => image);
    expect([...new Set(images)].sort()).toEqual(
      IMAGES.map((image) => `registry.example/team/${image}`).sort(),
    );
  });

  it('takes nothing away where the overlay is applied beside another', async ({ skip }) => {
    if (KUBECTL_MISSING !== null) return skip(KUBECTL_MISSING);
    const { code, stderr, calls } = await deploy({ kubectl: KUBECTL }, ['--context', 'work'], {
      OVERLAY: 'bench',
    });
    expect(code, stderr).toBe(0);
    expect(calls.find((call) => call.includes(' apply '))).toMatch(
      /^kubectl --context work apply --filename /,
    );
  });

  it('shows pods and events when a stack does not become ready', async ({ skip }) => {
    if (KUBECTL_MISSING !== null) return skip(KUBECTL_MISSING);
    const kubectl = `case " $* " in *rollout*rayserve*) exit 1 ;; esac${KUBECTL}`;
    const { code, stderr, calls } = await deploy({ ...ALL, kubectl });
    expect(code).toBe(1);
    expect(stderr).toContain('error: rayserve-mobilenet is not ready\nfix: ');
    expect(calls.at(-2)).toContain('get pods');
    expect(calls.at(-1)).toContain('get events');
  });

  it.for<[what: string, args: string[], environment: Record<string, string>]>([
    ['an unknown stack', [], { STACK: 'fastpai' }],
    ['an unknown overlay', [], { OVERLAY: 'minikube' }],
    ['a stack in an overlay', [], { STACK: 'fastapi', OVERLAY: 'kuberay' }],
    ['an unknown option', ['--cluster'], {}],
    ['a context without a name', ['--context'], {}],
  ])('refuses %s', async ([_what, args, environment]) => {
    const { code, stderr, calls } = await deploy({ ...ALL, kubectl: 'exit 1' }, args, environment);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: .+\nfix: .+\n$/);
    expect(calls).toEqual([]);
  });
});

describe('cleanup.sh', () => {
  /** In a checkout of its own, as it removes folders of the one that it lies in. */
  async function cleanup(environment: Readonly<Record<string, string>>) {
    const docker = 'case "$*" in "image ls"*) echo servelab/fastapi:0.1.0 ;; esac';
    tools = await FakeTools.create({
      docker,
      kind: 'case $1 in get) printf "other\\nml-benchmark\\n" ;; esac',
    });
    const { folder } = tools;
    for (const place of ['checkout/scripts', 'checkout/runs', 'checkout/tmp', ...CACHE]) {
      await mkdir(join(folder, place), { recursive: true });
    }
    await copyFile(join(SCRIPTS, 'cleanup.sh'), join(folder, 'checkout/scripts/cleanup.sh'));
    const finished = await tools.run(join(folder, 'checkout/scripts/cleanup.sh'), [], {
      SERVELAB_CACHE_DIR: join(folder, 'cache'),
      ...environment,
    });
    const left = ['checkout/runs', 'checkout/tmp', ...CACHE].filter((place) =>
      existsSync(join(folder, place)),
    );
    return { ...finished, left, removing: finished.calls.filter((call) => / (delete|rm) /.test(call)) };
  }
  const CACHE = ['cache/stacks', 'cache/keras', 'cache/models'];

  it('removes nothing when nobody answers its question', async () => {
    const { code, stdout, left, removing } = await cleanup({});
    expect(code).toBe(1);
    expect(stdout).toContain('the Kind cluster ml-benchmark');
    expect(stdout).toContain('the image servelab/fastapi:0.1.0');
    expect(removing).toEqual([]);
    expect(left).toHaveLength(5);
  });

  it('removes cluster, images and environments with YES=1, and keeps model and results', async () => {
    const { code, stderr, left, removing } = await cleanup({ YES: '1' });
    expect(code, stderr).toBe(0);
    expect(removing).toEqual([
      'kind delete cluster --name ml-benchmark',
      'docker image rm --force servelab/fastapi:0.1.0',
    ]);
    expect(left).toEqual(['checkout/runs', 'checkout/tmp', 'cache/models']);
  });

  it('removes the results too with ALL=1', async () => {
    const { left } = await cleanup({ YES: '1', ALL: '1' });
    expect(left).toEqual(['cache/models']);
  });
});
