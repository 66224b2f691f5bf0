import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from '@servelab/core';
import { install } from '@servelab/lab';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { KubernetesObject } from '../kubernetes-object.js';
import { errorWords } from './error-words.js';

/** The oldest that has what the manifests use (a preStop that sleeps), one in between, and the newest. */
export const RELEASES = ['1.30', '1.34', '1.37'] as const;

/**
 * The Python package kubernetes-validate carries the JSON Schemas of every release, made from its OpenAPI document, in a
 * strict variant that knows no other fields. It is installed as the linter of the stacks is, hashes checked; nothing of
 * its Python runs.
 */
const LOCK = fileURLToPath(new URL('./requirements.lock', import.meta.url));
const WITHIN = ['lib', 'python3.11', 'site-packages', 'kubernetes_validate', 'kubernetes-json-schema'];

/** The folder with a folder for each release, or why there is none. */
export async function obtainReleaseSchemas(): Promise<{ folder: string } | { missing: string }> {
  try {
    const { folder } = await install({
      name: 'kubernetes-schemas',
      lockPath: LOCK,
      environment: process.env,
      signal: new AbortController().signal,
      showProgress: false,
      onEvent: () => {},
    });
    return { folder: join(folder, ...WITHIN) };
  } catch (error) {
    if (error instanceof UserError)
      return { missing: `kubernetes-validate: ${error.message.split('\n')[0]}` };
    throw error;
  }
}

/** The kinds of one release. */
export class ReleaseSchemas {
  readonly #folder: string;
  readonly #release: string;
  readonly #ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  readonly #validators = new Map<string, ValidateFunction | null>();

  constructor(folder: string, release: string) {
    this.#folder = join(folder, `v${release}.0-local-strict`);
    this.#release = release;
    this.#ajv.addSchema(JSON.parse(readFileSync(join(this.#folder, '_definitions.json'), 'utf8')));
  }

  /** What this release would refuse of an object: [] when it takes it. */
  complaints(object: KubernetesObject): string[] {
    const validate = this.#validator(object);
    if (validate === null) {
      return [`Kubernetes ${this.#release} has no kind ${object.kind} in ${object.apiVersion}`];
    }
    return validate(object) ? [] : (validate.errors ?? []).map(errorWords);
  }

  #validator({ kind, apiVersion }: KubernetesObject): ValidateFunction | null {
    // apps/v1 -> apps-v1, networking.k8s.io/v1 -> networking-v1
    const file = `${kind.toLowerCase()}-${apiVersion.replace(/^([^./]*)(?:\.[^/]*)?\//, '$1-')}.json`;
    const known = this.#validators.get(file);
    if (known !== undefined) return known;
    const path = join(this.#folder, file);
    const validator = existsSync(path) ? this.#ajv.compile(JSON.parse(readFileSync(path, 'utf8'))) : null;
    this.#validators.set(file, validator);
    return validator;
  }
}
