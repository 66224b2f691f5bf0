import { z } from 'zod';

/** A Kubernetes quantity: `1`, `500m`, `2Gi`, `256Mi`. */
const quantity = z.string().regex(/^\d+(\.\d+)?(m|Ki|Mi|Gi)?$/);
const seconds = z.number().int().nonnegative();

const probe = z.strictObject({
  httpGet: z.strictObject({ path: z.string(), port: z.string() }),
  initialDelaySeconds: seconds.default(0),
  periodSeconds: seconds.default(10),
  timeoutSeconds: seconds.default(1),
  failureThreshold: seconds.default(3),
});

const container = z.strictObject({
  name: z.string(),
  image: z.string(),
  imagePullPolicy: z.string().optional(),
  command: z.array(z.string()).default([]),
  args: z.array(z.string()).default([]),
  env: z.array(z.strictObject({ name: z.string(), value: z.string() })).default([]),
  ports: z.array(z.strictObject({ name: z.string(), containerPort: z.number(), protocol: z.literal('TCP') })),
  resources: z.strictObject({
    requests: z.unknown(),
    limits: z.strictObject({ cpu: quantity, memory: quantity }),
  }),
  securityContext: z.strictObject({
    allowPrivilegeEscalation: z.literal(false),
    readOnlyRootFilesystem: z.boolean(),
    capabilities: z.strictObject({ drop: z.array(z.string()) }),
  }),
  lifecycle: z.strictObject({ preStop: z.strictObject({ sleep: z.strictObject({ seconds }) }) }).optional(),
  startupProbe: probe,
  readinessProbe: probe,
  livenessProbe: probe,
  volumeMounts: z.array(z.strictObject({ name: z.string(), mountPath: z.string() })).default([]),
});

const emptyDir = z.strictObject({
  name: z.string(),
  emptyDir: z.strictObject({ medium: z.literal('Memory').optional(), sizeLimit: quantity }),
});

const podSpec = z.strictObject({
  automountServiceAccountToken: z.literal(false),
  enableServiceLinks: z.boolean().optional(),
  terminationGracePeriodSeconds: seconds,
  securityContext: z.strictObject({
    runAsNonRoot: z.literal(true),
    runAsUser: z.number(),
    runAsGroup: z.number(),
    fsGroup: z.number(),
    seccompProfile: z.strictObject({ type: z.literal('RuntimeDefault') }),
  }),
  // Where a pod is put does not concern its container.
  topologySpreadConstraints: z.unknown().optional(),
  containers: z.tuple([container]),
  volumes: z.array(emptyDir).default([]),
});

const deployment = z.object({
  kind: z.literal('Deployment'),
  metadata: z.object({ name: z.string() }),
  spec: z.object({ template: z.object({ spec: podSpec }) }),
});

export type HttpProbe = z.infer<typeof probe>;

/** What a Deployment says of its only container, without Kubernetes' way of saying it. */
export interface PodContainer {
  readonly deployment: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** That of the port named `http`, which probes and Service use. */
  readonly port: number;
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly user: string;
  readonly readOnly: boolean;
  readonly droppedCapabilities: readonly string[];
  /** All of them in memory here: an emptyDir on disk is charged to nobody either. */
  readonly scratch: readonly { readonly path: string; readonly bytes: number }[];
  readonly probes: Readonly<Record<'startup' | 'readiness' | 'liveness', HttpProbe>>;
  /** How long it goes on serving before it is told to end. */
  readonly preStopS: number;
  /** From the beginning of that pause to the kill. */
  readonly graceS: number;
}

/**
 * @param manifest a Deployment as parsed YAML
 * @throws Error for anything in the pod that would not be carried over: nothing may be ignored in silence
 */
export function podContainer(manifest: unknown): PodContainer {
  const parsed = deployment.safeParse(manifest);
  if (!parsed.success)
    throw new Error(`a Deployment that cannot be run here: ${z.prettifyError(parsed.error)}`);
  const { metadata, spec } = parsed.data;
  const pod = spec.template.spec;
  const [only] = pod.containers;
  const http = only.ports.find(({ name }) => name === 'http');
  if (http === undefined) throw new Error(`${metadata.name} has no port named http`);
  const sizes = new Map(pod.volumes.map((volume) => [volume.name, volume.emptyDir.sizeLimit]));
  return {
    deployment: metadata.name,
    image: only.image,
    command: only.command,
    args: only.args,
    environment: Object.fromEntries(only.env.map(({ name, value }) => [name, value])),
    port: http.containerPort,
    cpus: amount(only.resources.limits.cpu),
    memoryBytes: amount(only.resources.limits.memory),
    user: `${pod.securityContext.runAsUser}:${pod.securityContext.runAsGroup}`,
    readOnly: only.securityContext.readOnlyRootFilesystem,
    droppedCapabilities: only.securityContext.capabilities.drop,
    scratch: only.volumeMounts.map(({ name, mountPath }) => {
      const size = sizes.get(name);
      if (size === undefined)
        throw new Error(`${metadata.name} mounts ${name}, which is not one of its volumes`);
      return { path: mountPath, bytes: amount(size) };
    }),
    probes: { startup: only.startupProbe, readiness: only.readinessProbe, liveness: only.livenessProbe },
    preStopS: only.lifecycle?.preStop.sleep.seconds ?? 0,
    graceS: pod.terminationGracePeriodSeconds,
  };
}

const FACTORS: Readonly<Record<string, number>> = { m: 1e-3, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30 };

/** CPUs, or bytes. */
function amount(text: string): number {
  const [, number, unit] = /^([\d.]+)([a-zA-Z]*)$/.exec(text) ?? [];
  return Number(number) * (unit ? (FACTORS[unit] ?? Number.NaN) : 1);
}
