import type { StackBatching } from '@servelab/core';
import type { RunManifest, StackRun, StoredManifest, WorkloadRun } from './run-folder.js';

/** Fields that older versions did not write are read from the names that they gave. */
export function completeManifest({ corpus, stacks, workloads, ...rest }: StoredManifest): RunManifest {
  return {
    ...rest,
    corpus: { ...corpus, generated: corpus.generated ?? corpus.name.includes('generated') },
    workloads: workloads ?? oldWorkloads(stacks),
    stacks: stacks.map(({ framework, batching, ...stack }) => ({
      ...stack,
      framework: framework ?? oldFramework(stack.name),
      batching: batching ?? oldBatching(stack.policy),
    })),
  };
}

function oldWorkloads(stacks: readonly Pick<StackRun, 'workload'>[]): WorkloadRun[] {
  const names = [...new Set(stacks.map(({ workload }) => workload))];
  return names.map((name) => ({
    name,
    kind: name.startsWith('photographs') ? 'photographs' : 'simulated',
  }));
}

/** `fastapi` of `fastapi/seeds:none@f32`. */
export const oldFramework = (name: string): string => name.split(/[/:@]/)[0] ?? name;

/** The first words of the labels that the frameworks' own batching had, and the names of servelab's policies. */
const OLD_POLICIES: Readonly<Record<string, StackBatching['kind']>> = {
  CorkDispatcher: 'slo-adaptive',
  'serve.batch': 'fixed-window',
  batch: 'greedy',
  none: 'none',
  greedy: 'greedy',
  'fixed-window': 'fixed-window',
  'slo-adaptive': 'slo-adaptive',
  optimal: 'optimal',
};

export function oldBatching(policy: string): StackBatching {
  const [word = ''] = policy.split(' ');
  return { kind: Object.hasOwn(OLD_POLICIES, word) ? (OLD_POLICIES[word] ?? 'unknown') : 'unknown' };
}
