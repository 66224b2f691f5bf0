import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { errorWords } from './error-words.js';
import { type JsonSchema, strictSchema } from './strict-schema.js';

/** A custom resource, and the Go module of its operator, which has its definition. */
interface CustomResource {
  readonly module: string;
  readonly version: string;
  /** As in a go.sum: another content is refused. */
  readonly sum: string;
  /** Path of the CustomResourceDefinition in the module. */
  readonly file: string;
}

const CUSTOM_RESOURCES: Readonly<Record<string, CustomResource>> = {
  'monitoring.coreos.com/v1 ServiceMonitor': {
    module: 'github.com/prometheus-operator/prometheus-operator',
    version: 'v0.85.0',
    sum: 'h1:M5xLCLEoaW2IJfnuCwFzzpL+jSVQu3KGT84Pye+fW8s=',
    file: 'example/prometheus-operator-crd/monitoring.coreos.com_servicemonitors.yaml',
  },
  'ray.io/v1 RayService': {
    module: 'github.com/ray-project/kuberay/ray-operator',
    version: 'v1.5.1',
    sum: 'h1:7FJYmB8oM+cnjv1VYCj/TfzRZG4XHvvt5Ayn5pZ5A1c=',
    file: 'config/crd/bases/ray.io_rayservices.yaml',
  },
};

/** As `ray.io/v1 RayService`. */
export const CUSTOM_KINDS: readonly string[] = Object.keys(CUSTOM_RESOURCES);

interface Definition {
  readonly spec: {
    readonly versions: readonly {
      readonly name: string;
      readonly schema: { readonly openAPIV3Schema: JsonSchema };
    }[];
  };
}

/** What the operator of a custom resource takes, strictly; or why that cannot be known here. */
export async function obtainCustomSchema(
  kind: string,
): Promise<{ complaints: (object: unknown) => string[] } | { missing: string }> {
  const resource = CUSTOM_RESOURCES[kind];
  if (resource === undefined) throw new Error(`no definition is known of ${kind}`);
  const folder = await downloadModule(resource);
  if (folder === null)
    return { missing: `${resource.module}@${resource.version} cannot be had: is Go installed?` };
  const definition = parse(await readFile(join(folder, resource.file), 'utf8')) as Definition;
  const version = definition.spec.versions.find(({ name }) => kind.includes(`/${name} `));
  if (version === undefined) throw new Error(`${resource.file} has no version of ${kind}`);
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  const validate = ajv.compile(strictSchema(version.schema.openAPIV3Schema));
  return { complaints: (object) => (validate(object) ? [] : (validate.errors ?? []).map(errorWords)) };
}

/** Go's own cache keeps it. @returns its folder, or null without Go or network */
async function downloadModule({ module, version, sum }: CustomResource): Promise<string | null> {
  const args = ['mod', 'download', '-json', `${module}@${version}`];
  const stdout = await promisify(execFile)('go', args, { cwd: tmpdir() }).then(
    (result) => result.stdout,
    () => null,
  );
  if (stdout === null) return null;
  const { Dir, Sum } = JSON.parse(stdout) as { readonly Dir: string; readonly Sum: string };
  if (Sum !== sum) throw new Error(`${module}@${version} has the hash ${Sum}, not ${sum}`);
  return Dir;
}
