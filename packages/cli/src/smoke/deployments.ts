import { readFile } from 'node:fs/promises';
import { usageError } from '@servelab/core';
import { type AdapterSpec, PEERS, type PodContainer, podContainer } from '@servelab/lab';
import { repositoryPath } from '@servelab/node';
import { parseAllDocuments } from 'yaml';

/** `kubectl kustomize deploy/k8s/base`, kept so that nobody needs kubectl to try an image. */
const RENDERED = repositoryPath(import.meta.url, 'deploy', 'k8s', 'rendered', 'base.yaml');

/** The container of each Deployment by the name of its image: `servelab`, `fastapi`, ... */
export async function deployedContainers(): Promise<ReadonlyMap<string, PodContainer>> {
  const objects = parseAllDocuments(await readFile(RENDERED, 'utf8')).map(
    (document) => document.toJS() as unknown,
  );
  const containers = objects.filter(isDeployment).map(podContainer);
  return new Map(containers.map((container) => [imageName(container.image), container]));
}

/**
 * @param names all of them where it is empty
 * @throws UserError (exit code 2) for a name that no Deployment has
 */
export function chosenContainers(
  containers: ReadonlyMap<string, PodContainer>,
  names: readonly string[],
): PodContainer[] {
  if (names.length === 0) return [...containers.values()];
  return names.map((name) => {
    const container = containers.get(name);
    if (container !== undefined) return container;
    throw usageError(`there is no image "${name}"`, `Use one of: ${[...containers.keys()].join(', ')}.`);
  });
}

/** How its `/predict` is spoken to: the images' form is the tuned one. Null for Locust, which serves no model. */
export function adapterOf({ image }: PodContainer): AdapterSpec | null {
  const name = imageName(image);
  if (name === 'servelab') return { body: 'multipart' };
  return PEERS.find((peer) => peer.name === name)?.forms.tuned.adapter ?? null;
}

/** `servelab/fastapi:0.1.0` is `fastapi`. */
export const imageName = (image: string): string =>
  image.slice(image.lastIndexOf('/') + 1).split(':', 1)[0] ?? image;

const isDeployment = (object: unknown): boolean =>
  typeof object === 'object' && object !== null && 'kind' in object && object.kind === 'Deployment';
