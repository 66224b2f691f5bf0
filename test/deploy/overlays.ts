import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { CHECKOUT } from '../fixtures/checkout.js';
import type { KubernetesObject } from './kubernetes-object.js';

const MANIFESTS = join(CHECKOUT, 'deploy', 'k8s');

/** Why nothing can be rendered, or null. */
export const KUBECTL_MISSING =
  spawnSync('kubectl', ['version', '--client']).status === 0 ? null : 'kubectl is not installed';

/** `base` and every folder of overlays that kubectl can apply, as `overlays/kind`. */
export const OVERLAYS: readonly string[] = ['base', ...overlaysBelow(join(MANIFESTS, 'overlays'))];

/** Overlays that hold only objects of their own, and those that they are applied beside. */
const BESIDE: Readonly<Record<string, readonly string[]>> = {
  'overlays/bench': ['overlays/kind'],
  'overlays/bench-results': ['overlays/kind', 'overlays/bench'],
};

const rendered = new Map<string, readonly KubernetesObject[]>();

/** What `kubectl apply -k` would send. */
export function render(overlay: string): readonly KubernetesObject[] {
  const known = rendered.get(overlay);
  if (known !== undefined) return known;
  const text = execFileSync('kubectl', ['kustomize', join(MANIFESTS, overlay)], { encoding: 'utf8' });
  const objects = parseAllDocuments(text).map((document) => document.toJS() as KubernetesObject);
  rendered.set(overlay, objects);
  return objects;
}

/** All that a cluster has once the overlay is applied. */
export const applied = (overlay: string): KubernetesObject[] =>
  [...(BESIDE[overlay] ?? []), overlay].flatMap(render);

function overlaysBelow(folder: string): string[] {
  if (existsSync(join(folder, 'kustomization.yaml'))) return [relative(MANIFESTS, folder)];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => overlaysBelow(join(folder, name)))
    .sort();
}
