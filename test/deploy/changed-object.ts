import type { KubernetesObject } from './kubernetes-object.js';

/**
 * A copy of an object with another value at a path such as `spec.template.spec.containers.0.image`; undefined takes
 * what is there away.
 */
export function changedObject(object: KubernetesObject, path: string, value: unknown): KubernetesObject {
  const copy = structuredClone(object);
  const steps = path.split('.');
  const last = steps.pop() ?? '';
  let place = copy as unknown as Record<string, unknown>;
  for (const step of steps) {
    const next = place[step];
    if (typeof next !== 'object' || next === null) throw new Error(`${object.kind} has nothing at ${path}`);
    place = next as Record<string, unknown>;
  }
  if (value === undefined) delete place[last];
  else place[last] = value;
  return copy;
}
