import {
  type KubernetesObject,
  type Labels,
  type Metadata,
  nameOf,
  type PodSpec,
} from './kubernetes-object.js';

/** The pods that an object asks for. */
export interface Pods {
  /** How complaints call them. */
  readonly name: string;
  readonly labels: Labels;
  readonly spec: PodSpec;
  /** Whether they serve until they are told to end; a Job's and a Pod's do not. */
  readonly serving: boolean;
}

interface Template {
  readonly metadata?: Metadata;
  readonly spec: PodSpec;
}

interface RayServiceSpec {
  readonly rayClusterConfig: {
    readonly headGroupSpec: { readonly template: Template };
    readonly workerGroupSpecs: readonly { readonly groupName: string; readonly template: Template }[];
  };
}

/** Every kind of pod among the objects. */
export const podsOf = (objects: readonly KubernetesObject[]): Pods[] => objects.flatMap(podsOfOne);

function podsOfOne(object: KubernetesObject): Pods[] {
  const name = nameOf(object);
  switch (object.kind) {
    case 'Deployment':
    case 'Job': {
      const { template } = object.spec as { readonly template: Template };
      return [fromTemplate(name, template, object.kind === 'Deployment')];
    }
    case 'Pod':
      return [fromTemplate(name, { metadata: object.metadata, spec: object.spec as PodSpec }, false)];
    case 'RayService': {
      const { headGroupSpec, workerGroupSpecs } = (object.spec as RayServiceSpec).rayClusterConfig;
      const groups = [
        { title: `${name} head`, type: 'head', template: headGroupSpec.template },
        ...workerGroupSpecs.map(({ groupName, template }) => ({
          title: `${name} ${groupName}`,
          type: 'worker',
          template,
        })),
      ];
      return groups.map(({ title, type, template }) => {
        const pods = fromTemplate(title, template, true);
        // The operator puts it there.
        return { ...pods, labels: { ...pods.labels, 'ray.io/node-type': type } };
      });
    }
    default:
      return [];
  }
}

const fromTemplate = (name: string, { metadata, spec }: Template, serving: boolean): Pods => ({
  name,
  labels: metadata?.labels ?? {},
  spec,
  serving,
});

/** Every container of the pods, those that only prepare included, with a name for complaints. */
export const containersOf = ({ name, spec }: Pods) =>
  [...(spec.initContainers ?? []), ...spec.containers].map((container) => ({
    where: `${name}, container ${container.name}`,
    container,
  }));
