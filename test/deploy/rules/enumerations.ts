import { nameOf } from '../kubernetes-object.js';
import type { Rule } from './rule.js';

/** Fields that take only a few words, which the JSON Schemas of Kubernetes take for any text. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  imagePullPolicy: ['Always', 'IfNotPresent', 'Never'],
  restartPolicy: ['Always', 'OnFailure', 'Never'],
  protocol: ['TCP', 'UDP', 'SCTP'],
  whenUnsatisfiable: ['DoNotSchedule', 'ScheduleAnyway'],
  policyTypes: ['Ingress', 'Egress'],
  accessModes: ['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod'],
  unhealthyPodEvictionPolicy: ['IfHealthyBudget', 'AlwaysAllow'],
  medium: ['', 'Memory'],
  operator: ['In', 'NotIn', 'Exists', 'DoesNotExist'],
};
/** `type`, by what it is of. */
const TYPES: Readonly<Record<string, readonly string[]>> = {
  seccompProfile: ['RuntimeDefault', 'Unconfined', 'Localhost'],
  target: ['Utilization', 'Value', 'AverageValue'],
  metrics: ['Resource', 'ContainerResource', 'Pods', 'Object', 'External'],
  spec: ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'],
};

/** No word that Kubernetes would not know. */
export const wordsAreKnown: Rule = (objects) =>
  objects.flatMap((object) => wrongWords(object.spec, 'spec').map((words) => `${nameOf(object)}: ${words}`));

/** @param within the field that holds the value; of the items of a list that of the list */
function wrongWords(value: unknown, within: string): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => wrongWords(item, within));
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, inner]) =>
      key === 'type' && typeof inner === 'string'
        ? check(TYPES[within], inner, `${within}.type`)
        : wrongWords(inner, key),
    );
  }
  return check(WORDS[within], value, within);
}

const check = (known: readonly string[] | undefined, value: unknown, where: string): string[] =>
  known === undefined || known.includes(String(value))
    ? []
    : [`${where} is ${value}, not one of ${known.join(', ')}`];
