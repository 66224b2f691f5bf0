import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { resolveOptions } from '@servelab/core';
import { BENCH_OPTIONS, KNOWN_PORTS, PEERS, readOwnServers, understandBench } from '@servelab/lab';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { CHECKOUT } from '../fixtures/checkout.js';
import { type KubernetesObject, ofKind } from './kubernetes-object.js';
import { KUBECTL_MISSING, render } from './overlays.js';
import { podsOf } from './pods.js';

const STACKS = ['servelab', ...PEERS.map(({ name }) => name)];
const text = (path: string) => readFileSync(join(CHECKOUT, path), 'utf8');
const named = (objects: readonly KubernetesObject[], kind: string, name: string) =>
  ofKind(objects, kind).find(({ metadata }) => metadata.name === name);
/** The spec of an object that must be there. */
function specOf<T>(object: KubernetesObject | undefined): T {
  if (object === undefined) throw new Error('the object is missing');
  return object.spec as T;
}
const replicasOf = (object: KubernetesObject) =>
  (object.spec as { readonly replicas?: number }).replicas ?? null;

interface Port {
  readonly port: number;
  readonly nodePort?: number;
}
const portsOf = ({ spec }: KubernetesObject) => (spec as { readonly ports: readonly Port[] }).ports;

/** All that Kind takes of what we could write: it refuses a file with another key, as we do. */
interface KindConfig {
  readonly kind: 'Cluster';
  readonly apiVersion: 'kind.x-k8s.io/v1alpha4';
  readonly name: string;
  readonly nodes: readonly { readonly role: string; readonly extraPortMappings: readonly Mapping[] }[];
}
interface Mapping {
  readonly hostPort: number;
  readonly containerPort: number;
  readonly listenAddress: string;
  readonly protocol: string;
}

describe('kind-config.yaml', () => {
  const config = parse(text('kind-config.yaml')) as KindConfig;
  const mappings = config.nodes.flatMap(({ extraPortMappings }) => extraPortMappings);

  it('has only keys that Kind knows', () => {
    expect(Object.keys(config).sort()).toEqual(['apiVersion', 'kind', 'name', 'nodes']);
    expect(config).toMatchObject({
      kind: 'Cluster',
      apiVersion: 'kind.x-k8s.io/v1alpha4',
      name: 'ml-benchmark',
    });
    for (const node of config.nodes) expect(Object.keys(node).sort()).toEqual(['extraPortMappings', 'role']);
    for (const mapping of mappings) {
      expect(Object.keys(mapping).sort()).toEqual(['containerPort', 'hostPort', 'listenAddress', 'protocol']);
    }
  });

  it('leads from the port of every Service on this machine to its node port', ({ skip }) => {
    if (KUBECTL_MISSING !== null) return skip(KUBECTL_MISSING);
    const services = ofKind(render('overlays/kind'), 'Service').flatMap(portsOf);
    const asServices = mappings.map(({ hostPort, containerPort }) => ({
      port: hostPort,
      nodePort: containerPort,
    }));
    expect(asServices.sort(byPort)).toEqual(
      services.map(({ port, nodePort }) => ({ port, nodePort })).sort(byPort),
    );
    for (const { nodePort } of asServices) {
      expect(nodePort).toBeGreaterThanOrEqual(30_000);
      expect(nodePort).toBeLessThanOrEqual(32_767);
    }
  });

  it('has every stack where the load test looks for it, and Locust at 8089', ({ skip }) => {
    if (KUBECTL_MISSING !== null) return skip(KUBECTL_MISSING);
    for (const { name, port } of [...KNOWN_PORTS, { name: 'locust', port: 8089 }]) {
      const service = ['-mobilenet', ''].flatMap(
        (end) => named(render('overlays/kind'), 'Service', name + end) ?? [],
      );
      expect(
        service.flatMap(portsOf).map((those) => those.port),
        name,
      ).toEqual([port]);
    }
  });
});

const byPort = (a: { readonly port: number }, b: { readonly port: number }) => a.port - b.port;

describe('the overlays of a comparison', () => {
  it.for(STACKS)('run %s alone with Locust in the sequential mode', (stack, { skip }) => {
    if (KUBECTL_MISSING !== null) return skip(KUBECTL_MISSING);
    const deployments = ofKind(render(`overlays/sequential/${stack}`), 'Deployment');
    expect(deployments).toHaveLength(STACKS.length + 1);
    const running = deployments.filter((deployment) => replicasOf(deployment) !== 0);
    expect(running.map(({ metadata }) => metadata.name).sort()).toEqual(
      ['locust', `${stack}-mobilenet`].sort(),
    );
    expect(running.map(replicasOf)).toEqual([1, 1]);
  });

  it.for(['kind', 'seeds', 'sequential/fastapi'])('scale nothing by themselves: %s', (overlay, { skip }) => {
    if (KUBECTL_MISSING !== null) return skip(KUBECTL_MISSING);
    const objects = render(`overlays/${overlay}`);
    expect(ofKind(objects, 'HorizontalPodAutoscaler')).toEqual([]);
    for (const deployment of ofKind(objects, 'Deployment')) expect(replicasOf(deployment)).not.toBeNull();
  });

  it('have the peers in their seeds form where that is asked for', ({ skip }) => {
    if (KUBECTL_MISSING !== null) return skip(KUBECTL_MISSING);
    const forms = (overlay: string) =>
      podsOf(render(overlay)).flatMap(({ spec }) =>
        spec.containers.flatMap(
          ({ env }) => env?.filter(({ name }) => name === 'FORM').map(({ value }) => value) ?? [],
        ),
      );
    expect(forms('overlays/seeds')).toEqual(PEERS.map(() => 'seeds'));
    expect(forms('base')).toEqual(PEERS.map(() => 'tuned'));
  });
});

describe('the queue-depth overlay', () => {
  it('scales by a gauge of the server, under the name that the adapter gives it', ({ skip }) => {
    if (KUBECTL_MISSING !== null) return skip(KUBECTL_MISSING);
    const autoscaler = named(render('overlays/queue-depth'), 'HorizontalPodAutoscaler', 'servelab-mobilenet');
    const { metrics } = specOf<{ metrics: { pods: { metric: { name: string } } }[] }>(autoscaler);
    const names = metrics.map(({ pods }) => pods.metric.name);
    const { rules } = parse(text('deploy/k8s/overlays/queue-depth/adapter-values.yaml'));
    expect(rules.custom.map(({ seriesQuery }: { seriesQuery: string }) => seriesQuery.split('{')[0])).toEqual(
      names,
    );
    const gauges = text('packages/serve/src/telemetry/server-metrics.ts');
    for (const name of names) expect(gauges).toContain(`#gauge('${name}'`);
  });
});

describe('the bench overlay', () => {
  it('measures every stack, at its Service and with the field that it takes', ({ skip }) => {
    if (KUBECTL_MISSING !== null) return skip(KUBECTL_MISSING);
    const config = ofKind(render('overlays/bench'), 'ConfigMap')[0] as unknown as {
      data: Record<string, string>;
    };
    const { stacks, bench } = parse(config.data['servelab.yaml'] ?? '');
    const servers = readOwnServers(stacks, '/config');
    const { values } = resolveOptions(BENCH_OPTIONS, { flags: {}, environment: {}, file: bench });
    const asked = understandBench(values, servers).stacks.map(({ name }) => name);
    expect(asked).toEqual(STACKS.map((name) => `cluster-${name}`));

    for (const { name, url, adapter } of servers) {
      const { hostname, port } = new URL(url);
      const service = named(render('overlays/kind'), 'Service', hostname);
      expect(service === undefined ? [] : portsOf(service).map((those) => `${those.port}`), name).toEqual([
        port,
      ]);
      const peer = PEERS.find((other) => hostname.startsWith(`${other.name}-`));
      expect(adapter, name).toEqual(peer?.forms.tuned.adapter ?? { body: 'multipart', field: 'file' });
    }
  });
});

describe('the RayService', () => {
  it('runs the module that stacks/rayserve has, at the version that it locks', ({ skip }) => {
    if (KUBECTL_MISSING !== null) return skip(KUBECTL_MISSING);
    const [service] = ofKind(render('overlays/kuberay'), 'RayService');
    const { serveConfigV2, rayClusterConfig } = specOf<{
      serveConfigV2: string;
      rayClusterConfig: { rayVersion: string };
    }>(service);
    const [application] = parse(serveConfigV2).applications;
    const [module, variable] = application.import_path.split(':');
    const source = text(`stacks/rayserve/${module}.py`);
    expect(source).toContain(`\n${variable} = `);
    for (const { name } of application.deployments) expect(source).toContain(`\nclass ${name}:`);
    expect(rayClusterConfig.rayVersion).toBe(PEERS.find(({ name }) => name === 'rayserve')?.version);
  });
});
