import { describe, expect, it } from 'vitest';
import { dockerRunArguments } from './docker-arguments.js';
import { podContainer } from './pod-container.js';

const probe = (path: string) => ({ httpGet: { path, port: 'http' }, periodSeconds: 2, failureThreshold: 5 });
const CONTAINER = {
  name: 'server',
  image: 'servelab/mine:1.2.3',
  args: ['serve', '--host', '0.0.0.0'],
  env: [{ name: 'FORM', value: 'tuned' }],
  ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
  resources: { requests: { cpu: '1', memory: '2Gi' }, limits: { cpu: '500m', memory: '2Gi' } },
  securityContext: {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  },
  lifecycle: { preStop: { sleep: { seconds: 5 } } },
  startupProbe: probe('/readyz'),
  readinessProbe: probe('/readyz'),
  livenessProbe: probe('/livez'),
  volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
};

/** A Deployment with one container, changed as given. */
function deployment(change: object = {}): unknown {
  const spec = {
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: 45,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 1000,
      runAsGroup: 1000,
      fsGroup: 1000,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [{ ...CONTAINER, ...change }],
    volumes: [{ name: 'tmp', emptyDir: { sizeLimit: '1Mi' } }],
  };
  return { kind: 'Deployment', metadata: { name: 'mine-mobilenet' }, spec: { template: { spec } } };
}

describe('the container of a Deployment', () => {
  it('has its limits, its pause and its grace in plain units', () => {
    expect(podContainer(deployment())).toMatchObject({
      deployment: 'mine-mobilenet',
      cpus: 0.5,
      memoryBytes: 2 * 2 ** 30,
      scratch: [{ path: '/tmp', bytes: 2 ** 20 }],
      preStopS: 5,
      graceS: 45,
      probes: { liveness: { httpGet: { path: '/livez' }, timeoutSeconds: 1 } },
    });
  });

  it.each([
    ['a field that would be ignored', { stdin: true }, /stdin/],
    ['a writable place without a volume', { volumeMounts: [{ name: 'no', mountPath: '/x' }] }, /mounts no/],
    [
      'no port for probes and Service',
      { ports: [{ name: 'web', containerPort: 1, protocol: 'TCP' }] },
      /named http/,
    ],
    ['no limit of memory', { resources: { requests: {}, limits: { cpu: '1' } } }, /memory/],
  ])('is refused with %s', (_, change, why) => {
    expect(() => podContainer(deployment(change))).toThrow(why);
  });

  it('is run by Docker with all of it', () => {
    const words = dockerRunArguments(podContainer(deployment()), 'mine-1', 'run=1').join(' ');
    expect(words).toBe(
      'run --detach --name mine-1 --label run=1 --publish 127.0.0.1::8080 --cpus 0.5' +
        ' --memory 2147483648b --memory-swap 2147483648b --user 1000:1000 --security-opt no-new-privileges' +
        ' --read-only --cap-drop ALL --tmpfs /tmp:rw,nosuid,nodev,exec,size=1048576,mode=1777' +
        ' --env FORM=tuned servelab/mine:1.2.3 serve --host 0.0.0.0',
    );
    const other = dockerRunArguments(podContainer(deployment({ command: ['node', 'x.js'] })), 'a', 'b').join(
      ' ',
    );
    expect(other).toMatch(/--entrypoint node servelab\/mine:1\.2\.3 x\.js serve/);
  });
});
