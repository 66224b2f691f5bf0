import { containersOf, podsOf } from '../pods.js';
import { type Rule, unless } from './rule.js';

/** The pod may not become root, and what it may ask of the kernel and of the cluster is little. */
export const podsAreUnprivileged: Rule = (objects) =>
  podsOf(objects).flatMap(({ name, spec }) => {
    const security = spec.securityContext;
    return [
      ...unless(security?.runAsNonRoot === true && (security.runAsUser ?? 0) > 0, `${name} may run as root`),
      ...unless(security?.seccompProfile?.type === 'RuntimeDefault', `${name} has no seccomp profile`),
      ...unless(spec.automountServiceAccountToken === false, `${name} gets a token of the cluster`),
    ];
  });

/** A container can change nothing of its image and has no capabilities. */
export const containersAreUnprivileged: Rule = (objects) =>
  podsOf(objects)
    .flatMap(containersOf)
    .flatMap(({ where, container: { securityContext: security } }) => [
      ...unless(security?.readOnlyRootFilesystem === true, `${where} may write to its image`),
      ...unless(security?.allowPrivilegeEscalation === false, `${where} may gain privileges`),
      ...unless(security?.privileged !== true, `${where} is privileged`),
      ...unless(
        security?.capabilities?.drop?.includes('ALL') === true && security.capabilities.add === undefined,
        `${where} keeps capabilities`,
      ),
    ]);

/** Cores and memory are asked for and limited, to the same, so that nothing depends on what else runs on a node. */
export const resourcesAreFixed: Rule = (objects) =>
  podsOf(objects)
    .flatMap(containersOf)
    .flatMap(({ where, container: { resources } }) =>
      (['cpu', 'memory'] as const).flatMap((what) => [
        ...unless(resources?.limits?.[what] !== undefined, `${where} has no limit of ${what}`),
        ...unless(
          resources?.requests?.[what] === resources?.limits?.[what],
          `${where} asks for another ${what} than its limit`,
        ),
      ]),
    );

/** Every stack has what it has in the seeds: one core, 2 GiB. */
export const stacksHaveOneCore: Rule = (objects) =>
  podsOf(objects)
    .filter(({ labels }) => labels['app.kubernetes.io/component'] === 'stack')
    .flatMap(containersOf)
    .flatMap(({ where, container: { resources } }) =>
      unless(
        resources?.limits?.cpu === '1' && resources.limits.memory === '2Gi',
        `${where} has not one core and 2Gi`,
      ),
    );
