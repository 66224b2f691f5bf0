// What is written from stacks/registry.json where a file cannot read it at run time: manifests, the image of the frameworks,
// and tables of the documentation. `make docs` writes it.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const NOTE =
  '# Generated from stacks/registry.json by scripts/generate-docs.mjs (`make docs`); do not edit.\n';

/**
 * @param checkout path of the working copy
 * @param table makes a Markdown table of heads and rows
 * @returns the text of each file by its path in the checkout
 */
export function registryFiles(checkout, table) {
  const read = (path) => readFileSync(join(checkout, path), 'utf8');
  const { servelab, environment, frameworks } = JSON.parse(read('stacks/registry.json'));
  const { version } = JSON.parse(read('package.json'));
  const stacks = [servelab, ...frameworks];
  const blocks = blocksOf({ stacks, frameworks, environment, table });
  const files = Object.entries(blocks).map(([path, texts]) => [path, spliced(path, read(path), texts)]);
  for (const stack of stacks) {
    const folder = `deploy/k8s/base/${stack.name}`;
    const quirks = existsSync(join(checkout, folder, 'quirks.yaml')) ? ['quirks.yaml'] : [];
    files.push([`${folder}/kustomization.yaml`, kustomization(stack, ['deployment.yaml', ...quirks])]);
    files.push([`deploy/k8s/overlays/sequential/${stack.name}/kustomization.yaml`, alone(stack)]);
  }
  for (const framework of frameworks) {
    files.push([`deploy/k8s/base/${framework.name}/deployment.yaml`, deployment(framework, version)]);
  }
  return Object.fromEntries(files);
}

/** Parts of files that are written by hand otherwise: by path, then by the name of the block. */
function blocksOf({ stacks, frameworks, environment, table }) {
  const names = (of) => of.map(({ name }) => name);
  const variables = Object.assign({}, environment, ...frameworks.map((framework) => framework.environment));
  return {
    'deploy/docker/peer.Dockerfile': {
      environment: `ENV ${Object.entries(variables)
        .map(([name, value]) => `${name}=${value}`)
        .join(' \\\n    ')}`,
      ports: `EXPOSE ${frameworks.map(({ port }) => port).join(' ')}`,
    },
    'deploy/k8s/base/kustomization.yaml': {
      stacks: names(stacks)
        .map((name) => `  - ${name}`)
        .join('\n'),
    },
    'deploy/k8s/components/node-ports/kustomization.yaml': { ports: stacks.map(nodePortPatch).join('\n') },
    'deploy/k8s/overlays/seeds/kustomization.yaml': {
      frameworks: `  - target: { kind: Deployment, name: (${names(frameworks).join('|')})-mobilenet }`,
    },
    'deploy/k8s/overlays/bench/servelab.yaml': {
      servers: stacks.map(clusterServer).join('\n'),
      stacks: `  stacks: [${names(stacks)
        .map((name) => `cluster-${name}`)
        .join(', ')}]`,
    },
    'deploy/kind/kind-config.yaml': { ports: stacks.map(portMapping).join('\n') },
    'docs/deploy.md': {
      addresses: `\n${table(
        ['stack', 'here', 'in the cluster'],
        [
          ...stacks.map(({ name, title, port }) => address(title, `${name}-mobilenet`, port)),
          address('Locust', 'locust', 8089),
        ],
      )}\n`,
    },
    'docs/peers.md': {
      frameworks: `\n${table(
        ['name', 'framework', 'version', 'port', 'MB to download', 'MB on disk'],
        frameworks.map(({ name, title, version, port, installSize: { downloadMb, diskMb } }) => [
          name,
          title,
          version,
          port,
          downloadMb,
          diskMb,
        ]),
      )}\n`,
    },
  };
}

const address = (title, service, port) => [title, `http://localhost:${port}`, `\`${service}:${port}\``];

const nodePortPatch = ({ name, nodePort }) => `\
  - target: { kind: Service, name: ${name}-mobilenet }
    patch: |-
      - { op: add, path: /spec/type, value: NodePort }
      - { op: add, path: /spec/ports/0/nodePort, value: ${nodePort} }`;

const portMapping = ({ title, port, nodePort }) => `\
      # ${title}
      - { hostPort: ${port}, containerPort: ${nodePort}, listenAddress: 127.0.0.1, protocol: TCP }`;

const clusterServer = ({ name, port, field, ready }) => `\
  cluster-${name}:
    url: http://${name}-mobilenet:${port}/predict
    ready: ${typeof ready === 'string' ? ready : ready.tuned}
    field: ${field}
    runtime: onnx`;

const kustomization = ({ name, port }, patches) => `${NOTE}\
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namePrefix: ${name}-
resources:
  - ../stack
labels:
  - pairs: { app: ${name}-mobilenet }
    includeSelectors: true
patches:
${patches.map((path) => `  - path: ${path}\n`).join('')}\
  - target: { kind: Service, name: mobilenet }
    patch: '[{"op": "replace", "path": "/spec/ports/0/port", "value": ${port}}]'
`;

const deployment = ({ name, port, ready }, version) => `${NOTE}\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: mobilenet
spec:
  template:
    spec:
      containers:
        - name: server
          image: servelab/${name}:${version}
          env:
            - { name: FORM, value: tuned }
          ports:
            - { name: http, containerPort: ${port}, protocol: TCP }
          startupProbe:
            httpGet: { path: ${ready.tuned}, port: http }
            periodSeconds: 5
            timeoutSeconds: 4
            failureThreshold: 36
          readinessProbe:
            httpGet: { path: ${ready.tuned}, port: http }
            periodSeconds: 5
            timeoutSeconds: 4
            failureThreshold: 3
          livenessProbe:
            httpGet: { path: ${ready.tuned}, port: http }
            periodSeconds: 10
            timeoutSeconds: 8
            failureThreshold: 6
`;

const alone = ({ name }) => `${NOTE}\
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - ../../kind
components:
  - ../../../components/stopped
replicas:
  - { name: ${name}-mobilenet, count: 1 }
`;

/** Puts each text between its lines `registry begin: NAME` and `registry end`, which are comments of the file. */
function spliced(path, whole, texts) {
  const missing = new Set(Object.keys(texts));
  const lines = [];
  let inBlock = false;
  for (const line of whole.split('\n')) {
    const [, name] = /\bregistry begin: (\w+)/.exec(line) ?? [];
    if (line.includes('registry end')) inBlock = false;
    if (!inBlock) lines.push(line);
    if (name === undefined) continue;
    if (!missing.delete(name)) throw new Error(`${path} has a block "${name}" that nothing is written for`);
    lines.push(texts[name]);
    inBlock = true;
  }
  if (inBlock) throw new Error(`${path} has a line "registry begin" without its "registry end"`);
  if (missing.size > 0) throw new Error(`${path} has no block ${[...missing].join(', ')}`);
  return lines.join('\n');
}
