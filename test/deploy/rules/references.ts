import { type KubernetesObject, nameOf, ofKind, type Selector, selects } from '../kubernetes-object.js';
import { type Pods, podsOf } from '../pods.js';
import { type Rule, unless } from './rule.js';

const NAMESPACE = 'ml-benchmark';
/** The stacks with Locust, and what is put beside them to measure. */
const PARTS: readonly string[] = ['servelab', 'servelab-bench'];

/** All of it lies in one namespace, which goes with all that is in it. */
export const namespaceIsOurs: Rule = (objects) =>
  objects
    .filter(({ kind }) => kind !== 'Namespace')
    .flatMap((object) =>
      unless(object.metadata.namespace === NAMESPACE, `${nameOf(object)} is not in ${NAMESPACE}`),
    );

/** Each is marked as a part of what is deployed together, by which deploy-k8s.sh knows what another overlay has left. */
export const partsAreMarked: Rule = (objects) =>
  objects.flatMap((object) =>
    unless(
      PARTS.includes(object.metadata.labels?.['app.kubernetes.io/part-of'] ?? ''),
      `${nameOf(object)} is part of nothing`,
    ),
  );

/** What is mounted is a volume of the pod, and that is something that exists. */
export const volumesExist: Rule = (objects) =>
  podsOf(objects).flatMap(({ name, spec }) => {
    const volumes = spec.volumes?.map((volume) => volume.name) ?? [];
    const mounts = [...(spec.initContainers ?? []), ...spec.containers].flatMap(
      ({ volumeMounts }) => volumeMounts ?? [],
    );
    const named = (spec.volumes ?? []).flatMap(({ configMap, persistentVolumeClaim: claim }) => [
      ...(configMap === undefined ? [] : [`ConfigMap ${configMap.name}`]),
      ...(claim === undefined ? [] : [`PersistentVolumeClaim ${claim.claimName}`]),
    ]);
    return [
      ...mounts.flatMap((mount) =>
        unless(volumes.includes(mount.name), `${name} mounts ${mount.name}, which is not one of its volumes`),
      ),
      ...named.flatMap((other) =>
        unless(
          objects.some((object) => nameOf(object) === other),
          `${name} needs the ${other}, which nobody makes`,
        ),
      ),
    ];
  });

/** Pods are spread among their like. Kubernetes refuses a key that stands both among labels and among keys. */
export const spreadIsTheirOwn: Rule = (objects) =>
  podsOf(objects).flatMap(({ name, labels, spec }) =>
    (spec.topologySpreadConstraints ?? []).flatMap(({ labelSelector, matchLabelKeys }) => {
      const selector = labelSelector?.matchLabels ?? {};
      return [
        ...unless('app' in selector && selects(selector, labels), `${name} is spread among others`),
        ...unless(
          !(matchLabelKeys ?? []).some((key) => key in selector),
          `${name} is spread by a key that it gives twice`,
        ),
      ];
    }),
  );

interface NetworkPolicySpec {
  readonly podSelector: Selector;
  readonly ingress?: readonly { readonly ports?: readonly { readonly port?: number | string }[] }[];
}

/** A policy is for pods that are there, and lets in at ports that they have. */
export const networkPoliciesMeetPods: Rule = (objects) => [
  ...unless(
    ofKind(objects, 'NetworkPolicy').some((policy) => isDefaultDeny(policy)),
    'nothing is denied by default',
  ),
  ...ofKind(objects, 'NetworkPolicy').flatMap((policy) => {
    const { podSelector, ingress } = policy.spec as NetworkPolicySpec;
    const pods = podsOf(objects).filter(({ labels }) => selects(podSelector.matchLabels ?? {}, labels));
    const ports = (ingress ?? []).flatMap(({ ports }) => ports?.map(({ port }) => port) ?? []);
    return [
      ...unless(pods.length > 0, `${nameOf(policy)} is for no pods`),
      ...ports.flatMap((port) =>
        unless(
          pods.some(hasPort(port)),
          `${nameOf(policy)} opens the port ${port}, which its pods do not have`,
        ),
      ),
    ];
  }),
];

function isDefaultDeny({ spec }: KubernetesObject): boolean {
  const { podSelector, policyTypes, ingress, egress } = spec as NetworkPolicySpec & {
    readonly policyTypes?: readonly string[];
    readonly egress?: unknown;
  };
  const forAll = Object.keys(podSelector).length === 0 && policyTypes?.length === 2;
  return forAll && ingress === undefined && egress === undefined;
}

const hasPort =
  (port: number | string | undefined) =>
  ({ spec }: Pods): boolean =>
    spec.containers.some(({ ports }) =>
      ports?.some(({ name, containerPort }) => name === port || containerPort === port),
    );

/** Prometheus finds a Service, at a port that it has. */
export const monitorsFindServices: Rule = (objects) =>
  ofKind(objects, 'ServiceMonitor').flatMap((monitor) => {
    const { selector, endpoints } = monitor.spec as {
      readonly selector: Selector;
      readonly endpoints: readonly { readonly port?: string }[];
    };
    const services = ofKind(objects, 'Service').filter(({ metadata }) =>
      selects(selector.matchLabels ?? {}, metadata.labels ?? {}),
    );
    const names = services.flatMap(({ spec }) =>
      (spec as { readonly ports: readonly { readonly name?: string }[] }).ports.map(({ name }) => name),
    );
    return [
      ...unless(services.length === 1, `${nameOf(monitor)} finds ${services.length} Services`),
      ...endpoints.flatMap(({ port }) =>
        unless(names.includes(port), `${nameOf(monitor)} asks the port ${port}`),
      ),
    ];
  });
