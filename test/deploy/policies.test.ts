import { KNOWN_PORTS } from '@servelab/lab';
import { describe, expect, it } from 'vitest';
import { changedObject } from './changed-object.js';
import { type KubernetesObject, nameOf } from './kubernetes-object.js';
import { applied, KUBECTL_MISSING, OVERLAYS } from './overlays.js';
import { wordsAreKnown } from './rules/enumerations.js';
import { imagesAreOurs } from './rules/images.js';
import { podsEndInTime, servingPodsAreProbed, stacksPauseBeforeTheEnd } from './rules/lifecycle.js';
import {
  monitorsFindServices,
  namespaceIsOurs,
  networkPoliciesMeetPods,
  partsAreMarked,
  spreadIsTheirOwn,
  volumesExist,
} from './rules/references.js';
import type { Rule } from './rules/rule.js';
import {
  containersAreUnprivileged,
  podsAreUnprivileged,
  resourcesAreFixed,
  stacksHaveOneCore,
} from './rules/security.js';
import {
  autoscalersScaleDeployments,
  budgetsProtectPods,
  deploymentsOwnTheirPods,
  servicesReachPods,
  stacksAreComplete,
} from './rules/wiring.js';

const DEPLOYMENT = 'Deployment servelab-mobilenet';
const POD = 'spec.template.spec';
const CONTAINER = `${POD}.containers.0`;

interface Spoilt {
  /** One of the overlay queue-depth, which has everything. */
  readonly object: string;
  readonly path: string;
  readonly value: unknown;
  readonly complaint: string;
}

const spoil = (object: string, path: string, value: unknown, complaint: string): Spoilt => ({
  object,
  path,
  value,
  complaint,
});

/** Each rule, and changes that it must not let pass. */
const RULES: readonly [name: string, rule: Rule, spoilt: readonly Spoilt[]][] = [
  [
    'pods have no privileges',
    podsAreUnprivileged,
    [
      spoil(DEPLOYMENT, `${POD}.securityContext.runAsNonRoot`, undefined, 'may run as root'),
      spoil(DEPLOYMENT, `${POD}.securityContext.seccompProfile.type`, 'Unconfined', 'no seccomp profile'),
      spoil(DEPLOYMENT, `${POD}.automountServiceAccountToken`, undefined, 'token'),
    ],
  ],
  [
    'containers have no privileges',
    containersAreUnprivileged,
    [
      spoil(DEPLOYMENT, `${CONTAINER}.securityContext.readOnlyRootFilesystem`, false, 'write to its image'),
      spoil(
        DEPLOYMENT,
        `${CONTAINER}.securityContext.allowPrivilegeEscalation`,
        undefined,
        'gain privileges',
      ),
      spoil(DEPLOYMENT, `${CONTAINER}.securityContext.privileged`, true, 'is privileged'),
      spoil(DEPLOYMENT, `${CONTAINER}.securityContext.capabilities.drop`, ['CHOWN'], 'keeps capabilities'),
    ],
  ],
  [
    'requests and limits are the same',
    resourcesAreFixed,
    [
      spoil(DEPLOYMENT, `${CONTAINER}.resources.limits.memory`, undefined, 'no limit of memory'),
      spoil(DEPLOYMENT, `${CONTAINER}.resources.requests.cpu`, '500m', 'another cpu'),
    ],
  ],
  [
    'every stack has one core',
    stacksHaveOneCore,
    [spoil(DEPLOYMENT, `${CONTAINER}.resources.limits.cpu`, '2', 'not one core')],
  ],
  [
    'what serves has all three probes, at named ports',
    servingPodsAreProbed,
    [
      spoil(DEPLOYMENT, `${CONTAINER}.startupProbe`, undefined, 'no startupProbe'),
      spoil(DEPLOYMENT, `${CONTAINER}.livenessProbe.httpGet.port`, 'web', 'no port web'),
    ],
  ],
  [
    'the drain is shorter than the grace period',
    podsEndInTime,
    [
      spoil(
        DEPLOYMENT,
        `${POD}.terminationGracePeriodSeconds`,
        35,
        '35000 ms to end and is killed after 35000',
      ),
      spoil('Deployment rayserve-mobilenet', `${POD}.terminationGracePeriodSeconds`, 30, 'rayserve'),
    ],
  ],
  [
    'stacks serve on before they end',
    stacksPauseBeforeTheEnd,
    [
      spoil(DEPLOYMENT, `${CONTAINER}.args`, ['serve'], 'at once'),
      spoil('Deployment fastapi-mobilenet', `${CONTAINER}.lifecycle`, undefined, 'at once'),
    ],
  ],
  [
    'images are of this version',
    imagesAreOurs,
    [
      spoil(DEPLOYMENT, `${CONTAINER}.image`, 'servelab/servelab:latest', 'none of'),
      spoil(DEPLOYMENT, `${CONTAINER}.image`, 'servelab/servlab:0.1.0', 'none of'),
      spoil(DEPLOYMENT, `${CONTAINER}.imagePullPolicy`, 'Always', 'always pulls'),
    ],
  ],
  [
    'words are those of Kubernetes',
    wordsAreKnown,
    [
      spoil(DEPLOYMENT, `${CONTAINER}.imagePullPolicy`, 'IfNotThere', 'imagePullPolicy is IfNotThere'),
      spoil(
        DEPLOYMENT,
        `${POD}.securityContext.seccompProfile.type`,
        'Default',
        'seccompProfile.type is Default',
      ),
      spoil('NetworkPolicy default-deny', 'spec.policyTypes', ['In', 'Egress'], 'policyTypes is In'),
    ],
  ],
  [
    'Services reach pods of one kind, at ports that these have',
    servicesReachPods,
    [
      spoil('Service servelab-mobilenet', 'spec.selector', { app: 'servelab' }, 'selects 0 kinds'),
      spoil('Service servelab-mobilenet', 'spec.selector', {}, 'selects 0 kinds'),
      spoil('Service servelab-mobilenet', 'spec.ports.0.targetPort', 'web', 'the port web'),
    ],
  ],
  [
    'Deployments own their pods and never have fewer',
    deploymentsOwnTheirPods,
    [
      spoil(
        DEPLOYMENT,
        'spec.selector.matchLabels.app',
        'bentoml-mobilenet',
        'selects the pods of Deployment bentoml',
      ),
      spoil(DEPLOYMENT, 'spec.strategy.rollingUpdate.maxUnavailable', 1, 'before the next one'),
    ],
  ],
  [
    'budgets are for pods of one kind',
    budgetsProtectPods,
    [
      spoil('PodDisruptionBudget servelab-mobilenet', 'spec.selector', {}, '0 kinds'),
      spoil(
        'PodDisruptionBudget servelab-mobilenet',
        'spec.selector.matchLabels.app',
        undefined,
        `${KNOWN_PORTS.length} kinds`,
      ),
    ],
  ],
  [
    'autoscalers scale Deployments that leave it to them',
    autoscalersScaleDeployments,
    [
      spoil(
        'HorizontalPodAutoscaler servelab-mobilenet',
        'spec.scaleTargetRef.name',
        'servelab',
        'not there',
      ),
      spoil(DEPLOYMENT, 'spec.replicas', 2, 'both say'),
    ],
  ],
  [
    'every stack has its Service and its budget',
    stacksAreComplete,
    [spoil('Service bentoml-mobilenet', 'metadata.name', 'bentoml', 'bentoml-mobilenet has no Service')],
  ],
  [
    'everything is in one namespace',
    namespaceIsOurs,
    [spoil('Service bentoml-mobilenet', 'metadata.namespace', undefined, 'bentoml-mobilenet is not in')],
  ],
  [
    'everything is marked as a part of it',
    partsAreMarked,
    [spoil('Service bentoml-mobilenet', 'metadata.labels', {}, 'bentoml-mobilenet is part of nothing')],
  ],
  [
    'what is mounted exists',
    volumesExist,
    [
      spoil(DEPLOYMENT, `${CONTAINER}.volumeMounts.0.name`, 'temporary', 'mounts temporary'),
      spoil(DEPLOYMENT, `${POD}.volumes.0.configMap`, { name: 'config' }, 'needs the ConfigMap config'),
    ],
  ],
  [
    'pods are spread among their like',
    spreadIsTheirOwn,
    [
      spoil(
        DEPLOYMENT,
        `${POD}.topologySpreadConstraints.0.labelSelector.matchLabels.app`,
        'x',
        'among others',
      ),
      spoil(DEPLOYMENT, `${POD}.topologySpreadConstraints.0.matchLabelKeys`, ['app'], 'twice'),
    ],
  ],
  [
    'network policies meet pods and their ports',
    networkPoliciesMeetPods,
    [
      spoil('NetworkPolicy default-deny', 'spec.policyTypes', ['Ingress'], 'denied by default'),
      spoil('NetworkPolicy stacks-take-load', 'spec.podSelector.matchLabels', { app: 'x' }, 'for no pods'),
      spoil('NetworkPolicy stacks-take-load', 'spec.ingress.0.ports.0.port', 'web', 'the port web'),
    ],
  ],
  [
    'Prometheus finds the Service',
    monitorsFindServices,
    [
      spoil('ServiceMonitor servelab-mobilenet', 'spec.selector.matchLabels', { app: 'x' }, 'finds 0'),
      spoil('ServiceMonitor servelab-mobilenet', 'spec.endpoints.0.port', 'web', 'port web'),
    ],
  ],
];

describe.each(RULES)('%s', (_name, rule, spoilt) => {
  it.for(OVERLAYS)('in %s', (overlay, { skip }) => {
    if (KUBECTL_MISSING !== null) return skip(KUBECTL_MISSING);
    expect(rule(applied(overlay))).toEqual([]);
  });

  it.for(spoilt)('or $complaint is said', ({ object, path, value, complaint }, { skip }) => {
    if (KUBECTL_MISSING !== null) return skip(KUBECTL_MISSING);
    expect(rule(withSpoilt(applied('overlays/queue-depth'), object, path, value)).join('\n')).toContain(
      complaint,
    );
  });
});

function withSpoilt(
  objects: readonly KubernetesObject[],
  name: string,
  path: string,
  value: unknown,
): KubernetesObject[] {
  expect(objects.map(nameOf)).toContain(name);
  return objects.map((object) => (nameOf(object) === name ? changedObject(object, path, value) : object));
}
