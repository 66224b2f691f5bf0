import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { decodeText, environmentError, usageError } from '@servelab/core';
import { parseYaml } from '@servelab/core/parse-yaml';
import { errorCode } from '@servelab/node';
import { z } from 'zod';
import { PRECISIONS } from '../convert/precision.js';
import { MODELS } from './model-manifest.js';
import { isUrl } from './model-source.js';
import { OWN_MANIFEST_KEYS, type OwnManifestKey } from './own-manifest-keys.js';

/** Of a file or a source. */
const hash = z
  .string()
  .regex(/^[0-9a-f]{64}$/i)
  .toLowerCase();
const rgb = z.tuple([z.number(), z.number(), z.number()]);
const label = z
  .union([z.string(), z.number()])
  .transform(String)
  .pipe(z.string().regex(/^[^\r\n]+$/));

const schema = z.strictObject({
  // An ending that says "file" would make it a path on the command line.
  name: z.string().regex(/^(?!.*\.(ya?ml|json)$)[a-z0-9][a-z0-9._-]{0,63}$/),
  description: z.string().default(''),
  licence: z.string().default('not stated'),
  source: z.string().min(1),
  /** Required, but what it would have to be can only be told once the source is there. */
  sha256: hash.optional(),
  precision: z.enum(PRECISIONS).default('f32'),
  input: z.strictObject({
    name: z.string().min(1).optional(),
    size: z.int().min(1).max(2048),
    layout: z.enum(['nhwc', 'nchw']),
    dtype: z.enum(['uint8', 'float32']),
    scale: z.number().optional(),
    mean: rgb.optional(),
    std: rgb.refine((values) => values.every((value) => value > 0)).optional(),
  }),
  resize: z.enum(['stretch', 'center-crop']).default('stretch'),
  crop_ratio: z.number().min(0.1).max(1).optional(),
  labels: z.union([
    z.array(label).min(2),
    z.strictObject({ file: z.string().min(1), sha256: hash.optional() }),
    z
      .string()
      .min(1)
      .transform((file) => ({ file, sha256: undefined })),
  ]),
  classes: z.int().min(2).optional(),
  top_k: z.int().min(1).max(1000).default(5),
  softmax: z.boolean().default(false),
  output: z.string().min(1).optional(),
});

/** What somebody says of a classifier of their own; its files as URLs or absolute paths. */
export type OwnManifest = z.output<typeof schema>;

/**
 * @param name in place of the manifest's own
 * @throws UserError (exit code 3) for a file that cannot be read, (exit code 2) for one that is no manifest
 */
export async function readOwnManifest(path: string, name?: string): Promise<OwnManifest> {
  let text: string;
  try {
    text = decodeText(await readFile(path));
  } catch (error) {
    const code = errorCode(error);
    throw environmentError(
      `the manifest ${path} cannot be read (${code})`,
      'Name a readable YAML or JSON file; docs/your-model.md says what stands in it.',
      error,
    );
  }
  const { source, labels, ...manifest } = parseOwnManifest(text, path, name);
  const located = (file: string) => (isUrl(file) ? file : resolve(dirname(path), file));
  return {
    ...manifest,
    source: located(source),
    labels: Array.isArray(labels) ? labels : { ...labels, file: located(labels.file) },
  };
}

/** @throws UserError (exit code 2) that names the key, what is wrong with it, and what it may be */
export function parseOwnManifest(text: string, path: string, name?: string): OwnManifest {
  const document = readMapping(text, path);
  const { success, data, error } = schema.safeParse(name === undefined ? document : { ...document, name });
  if (!success) throw refusal(document, error.issues[0], path);
  const { input, resize } = data;
  if (MODELS.some((builtIn) => builtIn.name === data.name)) {
    throw usageError(
      `"${data.name}" is the name of a model that servelab has itself`,
      'Write another name into the manifest, or give one with --name.',
    );
  }
  if (input.dtype === 'uint8' && (input.scale ?? input.mean ?? input.std) !== undefined) {
    throw usageError(
      `${path} has input.scale, input.mean or input.std with dtype uint8, which is handed over as it is`,
      'Leave them out, or write dtype: float32 if the graph takes floats.',
    );
  }
  if (resize === 'stretch' && data.crop_ratio !== undefined) {
    throw usageError(
      `${path} has a crop_ratio, but resize is stretch, which cuts nothing off`,
      'Write resize: center-crop, or leave crop_ratio out.',
    );
  }
  return data;
}

function readMapping(text: string, path: string): Record<string, unknown> {
  let document: unknown;
  try {
    document = parseYaml(text);
  } catch (error) {
    throw usageError(`${path} is neither YAML nor JSON: ${(error as Error).message}`, 'Correct that line.');
  }
  if (typeof document === 'object' && document !== null && !Array.isArray(document)) {
    return document as Record<string, unknown>;
  }
  throw usageError(
    `${path} is not a manifest`,
    'Write "key: value" lines; docs/your-model.md lists the keys.',
  );
}

function refusal(document: unknown, issue: z.core.$ZodIssue | undefined, path: string): Error {
  if (issue?.code === 'unrecognized_keys') {
    const parent = issue.path.map((part) => `${String(part)}.`).join('');
    const siblings = Object.keys(OWN_MANIFEST_KEYS).filter(
      (key) => key.startsWith(parent) && !key.slice(parent.length).includes('.'),
    );
    return usageError(
      `${path} has an unknown key "${parent}${issue.keys[0]}"`,
      `Use: ${siblings.join(', ')}.`,
    );
  }
  // A place in a list is not a key: mean, std and labels are explained whole.
  const keys = (issue?.path ?? []).filter((part) => typeof part === 'string');
  const key = keys.join('.');
  const value = keys.reduce<unknown>(
    (at, part) => (at as Record<string, unknown> | undefined)?.[part],
    document,
  );
  const meaning = OWN_MANIFEST_KEYS[key as OwnManifestKey];
  return value === undefined || value === null
    ? usageError(`${path} has no ${key}`, `Add "${key}": ${meaning}.`)
    : usageError(`${path} has ${key} ${JSON.stringify(value).slice(0, 80)}`, `Write ${meaning}.`);
}
