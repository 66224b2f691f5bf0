import { type KubernetesObject, nameOf, ofKind, type Selector, selects } from '../kubernetes-object.js';
import { type Pods, podsOf } from '../pods.js';
import { type Rule, unless } from './rule.js';

interface ServiceSpec {
  readonly selector?: Readonly<Record<string, string>>;
  readonly ports: readonly { readonly name?: string; readonly targetPort?: number | string }[];
}

interface DeploymentSpec {
  readonly selector: Selector;
  readonly strategy?: { readonly rollingUpdate?: { readonly maxUnavailable?: number } };
}

const portNames = ({ spec }: Pods) =>
  spec.containers.flatMap(({ ports }) => ports?.map(({ name }) => name) ?? []);

/** A selector without labels would take every pod of the namespace: here that is always a mistake. */
const taken = (pods: readonly Pods[], selector: Readonly<Record<string, string>> | undefined): Pods[] =>
  selector === undefined || Object.keys(selector).length === 0
    ? []
    : pods.filter(({ labels }) => selects(selector, labels));

/** Every Service has pods of one kind, and its ports are theirs, by name. */
export const servicesReachPods: Rule = (objects) =>
  ofKind(objects, 'Service').flatMap((service) => {
    const { selector, ports } = service.spec as ServiceSpec;
    const pods = taken(podsOf(objects), selector);
    return [
      ...unless(pods.length === 1, `${nameOf(service)} selects ${pods.length} kinds of pods`),
      ...ports.flatMap(({ targetPort }) =>
        unless(
          pods.every((those) => portNames(those).includes(String(targetPort))),
          `${nameOf(service)} leads to the port ${targetPort}, which its pods do not have`,
        ),
      ),
    ];
  });

/** A Deployment owns its pods, and replaces them without ever having fewer. */
export const deploymentsOwnTheirPods: Rule = (objects) =>
  ofKind(objects, 'Deployment').flatMap((deployment) => {
    const { selector, strategy } = deployment.spec as DeploymentSpec;
    const own = taken(podsOf(objects), selector.matchLabels).map(({ name }) => name);
    return [
      ...unless(
        own.join() === nameOf(deployment),
        `${nameOf(deployment)} selects the pods of ${own.join() || 'nobody'}`,
      ),
      ...unless(
        strategy?.rollingUpdate?.maxUnavailable === 0,
        `${nameOf(deployment)} takes a pod away before the next one is ready`,
      ),
    ];
  });

/** A budget is for one kind of pods. */
export const budgetsProtectPods: Rule = (objects) =>
  ofKind(objects, 'PodDisruptionBudget').flatMap((budget) => {
    const { selector } = budget.spec as { readonly selector: Selector };
    const pods = taken(podsOf(objects), selector.matchLabels);
    return unless(pods.length === 1, `${nameOf(budget)} is for ${pods.length} kinds of pods`);
  });

/** An autoscaler scales something that is there, and whose size nobody else sets. */
export const autoscalersScaleDeployments: Rule = (objects) =>
  ofKind(objects, 'HorizontalPodAutoscaler').flatMap((autoscaler) => {
    const { scaleTargetRef } = autoscaler.spec as {
      readonly scaleTargetRef: { readonly kind: string; readonly name: string };
    };
    const target = objects.find(
      ({ kind, metadata }) => kind === scaleTargetRef.kind && metadata.name === scaleTargetRef.name,
    );
    const replicas = (target?.spec as { readonly replicas?: number } | undefined)?.replicas;
    return [
      ...unless(
        target !== undefined,
        `${nameOf(autoscaler)} scales a ${scaleTargetRef.name} that is not there`,
      ),
      ...unless(
        replicas === undefined,
        `${nameOf(autoscaler)} and its target both say how many replicas there are`,
      ),
    ];
  });

/** Every stack can be reached and is protected while nodes are drained. */
export const stacksAreComplete: Rule = (objects) =>
  ofKind(objects, 'Deployment')
    .filter(({ metadata }) => metadata.labels?.['app.kubernetes.io/component'] === 'stack')
    .flatMap((deployment) =>
      ['Service', 'PodDisruptionBudget'].flatMap((kind) =>
        unless(hasNamesake(objects, kind, deployment), `${nameOf(deployment)} has no ${kind}`),
      ),
    );

const hasNamesake = (objects: readonly KubernetesObject[], kind: string, { metadata }: KubernetesObject) =>
  ofKind(objects, kind).some((other) => other.metadata.name === metadata.name);
