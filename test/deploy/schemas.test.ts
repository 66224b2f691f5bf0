import { describe, expect, it } from 'vitest';
import { changedObject } from './changed-object.js';
import { type KubernetesObject, nameOf } from './kubernetes-object.js';
import { KUBECTL_MISSING, OVERLAYS, render } from './overlays.js';
import { CUSTOM_KINDS, obtainCustomSchema } from './schemas/custom-schemas.js';
import { obtainReleaseSchemas, RELEASES, ReleaseSchemas } from './schemas/release-schemas.js';

const kindOf = ({ apiVersion, kind }: KubernetesObject) => `${apiVersion} ${kind}`;

/** Every object of every overlay, once, with the first overlay that has it. */
function everyObject(): { object: KubernetesObject; where: string }[] {
  const found = new Map<string, { object: KubernetesObject; where: string }>();
  for (const overlay of OVERLAYS) {
    for (const object of render(overlay)) {
      const text = JSON.stringify(object);
      if (!found.has(text)) found.set(text, { object, where: `${overlay}: ${nameOf(object)}` });
    }
  }
  return [...found.values()];
}

function firstOfKind(kind: string): KubernetesObject {
  const found = everyObject().find(({ object }) => kindOf(object) === kind);
  if (found === undefined) throw new Error(`no overlay has a ${kind}`);
  return found.object;
}

const obtained = await obtainReleaseSchemas();

/** What is done to a Deployment, and what must be said of it. */
const MISTAKES: readonly [mistake: string, path: string, value: unknown, complaint: string][] = [
  ['a misspelt field', 'spec.replica', 1, '/spec must NOT have additional properties (replica)'],
  [
    'a misspelt field deep within',
    'spec.template.spec.containers.0.livenessProbe.periodSecond',
    1,
    'livenessProbe must NOT have additional properties (periodSecond)',
  ],
  ['a value of a wrong type', 'spec.replicas', 'one', '/spec/replicas must be integer'],
  ['a field that is missing', 'spec.selector', undefined, "must have required property 'selector'"],
  ['an unknown kind', 'kind', 'Deploymint', 'no kind Deploymint in apps/v1'],
  ['a version that has gone', 'apiVersion', 'extensions/v1beta1', 'no kind Deployment in extensions/v1beta1'],
];

describe.each(RELEASES)('Kubernetes %s', (release) => {
  const missing = KUBECTL_MISSING ?? ('missing' in obtained ? obtained.missing : null);
  const schemas = 'folder' in obtained ? new ReleaseSchemas(obtained.folder, release) : null;

  it('takes every object of every overlay', ({ skip }) => {
    if (missing !== null || schemas === null) return skip(missing ?? '');
    const objects = everyObject().filter(({ object }) => !CUSTOM_KINDS.includes(kindOf(object)));
    expect(objects.length).toBeGreaterThan(30);
    const complaints = objects.flatMap(({ object, where }) =>
      schemas.complaints(object).map((words) => `${where}: ${words}`),
    );
    expect(complaints).toEqual([]);
  });

  it.for(MISTAKES)('refuses %s', ([_mistake, path, value, complaint], { skip }) => {
    if (missing !== null || schemas === null) return skip(missing ?? '');
    const wrong = changedObject(firstOfKind('apps/v1 Deployment'), path, value);
    expect(schemas.complaints(wrong).join('\n')).toContain(complaint);
  });
});

/** A field deep within that nobody knows. */
const MISSPELT: readonly [kind: string, path: string][] = [
  ['monitoring.coreos.com/v1 ServiceMonitor', 'spec.endpoints.0.intervall'],
  [
    'ray.io/v1 RayService',
    'spec.rayClusterConfig.headGroupSpec.template.spec.containers.0.securityContext.intervall',
  ],
];

describe('the custom resources', () => {
  it.for(MISSPELT)(
    '%s is one that its operator takes, and a misspelt one is not',
    async ([kind, path], { skip }) => {
      if (KUBECTL_MISSING !== null) return skip(KUBECTL_MISSING);
      const schema = await obtainCustomSchema(kind);
      if ('missing' in schema) return skip(schema.missing);
      for (const { object, where } of everyObject().filter(({ object }) => kindOf(object) === kind)) {
        expect(schema.complaints(object), where).toEqual([]);
      }
      const wrong = changedObject(firstOfKind(kind), path, '5s');
      expect(schema.complaints(wrong).join('\n')).toContain(
        'must NOT have additional properties (intervall)',
      );
    },
  );

  it('are the only kinds that Kubernetes does not have itself', () => {
    expect(MISSPELT.map(([kind]) => kind).sort()).toEqual([...CUSTOM_KINDS].sort());
  });
});
