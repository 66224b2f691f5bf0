import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { environmentError, usageError } from '@servelab/core';
import { cacheFolder, type Environment, isOwnFile } from '@servelab/node';
import { publishModelFile } from './cache-folder.js';
import { MODELS, type ModelManifest } from './model-manifest.js';
import type { PinnedManifest } from './own-entry.js';
import type { OwnManifest } from './own-manifest.js';

/** A model of servelab's, or one of somebody's own. */
export type KnownModel =
  | { readonly kind: 'built-in'; readonly manifest: ModelManifest }
  | { readonly kind: 'own'; readonly manifest: OwnManifest };

/** An added model is its manifest under its name, with absolute paths and every hash. */
const addedPath = (environment: Environment, name = ''): string =>
  join(cacheFolder(environment), 'added', name === '' ? '' : `${name}.json`);

/** From now on the name means this model; one that was added under it before is replaced. */
export async function keepManifest(manifest: PinnedManifest, environment: Environment): Promise<void> {
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  await publishModelFile(addedPath(environment, manifest.name), Buffer.from(text));
}

/** What comes with servelab, then what was added, by name. */
export async function modelNames(environment: Environment = process.env): Promise<string[]> {
  const files = await readdir(addedPath(environment)).catch(() => []);
  const added = files.filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -'.json'.length));
  return [...MODELS.map(({ name }) => name), ...added.sort()];
}

/**
 * @param reference a name, or the path of a manifest: what has a slash in it or ends in .yaml, .yml or .json
 * @throws UserError (exit code 2) for a name that no model has, and as `readOwnManifest`
 */
export async function findModel(
  reference: string,
  environment: Environment = process.env,
): Promise<KnownModel> {
  if (isPath(reference)) return await ownModel(reference);
  const builtIn = MODELS.find(({ name }) => name === reference);
  if (builtIn !== undefined) return { kind: 'built-in', manifest: builtIn };
  const names = await modelNames(environment);
  if (names.includes(reference)) {
    const path = addedPath(environment, reference);
    await requireOwn(path, reference);
    return await ownModel(path);
  }
  throw usageError(
    `there is no model "${reference}"`,
    `Name one of: ${names.join(', ')}; or a manifest, such as ./${reference}.yaml.`,
  );
}

async function ownModel(path: string): Promise<KnownModel> {
  const { readOwnManifest } = await loadOwnManifests();
  return { kind: 'own', manifest: await readOwnManifest(path) };
}

/** Loaded where there is a manifest to read, with the libraries that read it: built-in models have none. */
export const loadOwnManifests = () => import('./own-manifest.js');

/** Whoever writes that file chooses what the name means: the graph, its hash, and where it is fetched from. */
async function requireOwn(path: string, name: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found === null || isOwnFile(found, process.getuid?.())) return;
  throw environmentError(
    `the model "${name}" was added by somebody else: ${path} belongs to user ${found.uid} or may be written by all`,
    `Add it again with "servelab model add", or take it as it is with --model ${path}.`,
  );
}

const isPath = (reference: string): boolean => /[\\/]|\.(ya?ml|json)$/.test(reference);
