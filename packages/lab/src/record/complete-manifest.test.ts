import { expect, it } from 'vitest';
import { syntheticRun } from '../../../../test/fixtures/synthetic-run.js';
import { completeManifest } from './complete-manifest.js';
import type { StoredManifest } from './run-folder.js';

/** A run.json from before these fields were written. */
function oldManifest(
  stacks: { name: string; policy: string; workload?: string }[],
  corpus = '224',
): StoredManifest {
  const { manifest } = syntheticRun({ stacks: [{ name: 'any', costMs: () => 5 }], loads: [] });
  const { workloads: _workloads, ...rest } = manifest;
  const [first] = manifest.stacks;
  if (first === undefined) throw new Error('a synthetic run without a stack');
  const { framework: _framework, batching: _batching, ...stack } = first;
  const { generated: _generated, ...images } = manifest.corpus;
  return {
    ...rest,
    corpus: { ...images, name: corpus },
    stacks: stacks.map((one) => ({ ...stack, ...one })),
  };
}

it('leaves a manifest that has everything as it is', () => {
  const { manifest } = syntheticRun({ stacks: [{ name: 'servelab:none', costMs: () => 5 }], loads: [] });
  expect(completeManifest(manifest)).toEqual(manifest);
});

it('takes framework and batching of an old run from its names', () => {
  const { stacks } = completeManifest(
    oldManifest([
      { name: 'bentoml/seeds', policy: 'CorkDispatcher 8, 60 s' },
      { name: 'bentoml/tuned:none@int8', policy: 'none' },
      { name: 'rayserve/tuned', policy: 'serve.batch 8, 10 ms' },
      { name: 'litserve/tuned', policy: 'batch 8, no window' },
      { name: 'servelab/exact:optimal', policy: 'optimal' },
      { name: 'mine', policy: 'its own' },
    ]),
  );
  expect(stacks.map(({ framework, batching }) => [framework, batching.kind])).toEqual([
    ['bentoml', 'slo-adaptive'],
    ['bentoml', 'none'],
    ['rayserve', 'fixed-window'],
    ['litserve', 'greedy'],
    ['servelab', 'optimal'],
    ['mine', 'unknown'],
  ]);
});

it('takes kinds of workloads, and whether images were generated, from their names', () => {
  const stacks = ['photographs', 'simulated-keras'].map((workload) => ({
    ...{ name: 'servelab:none', policy: 'none' },
    workload,
  }));
  expect(completeManifest(oldManifest(stacks, '224 (generated)'))).toMatchObject({
    corpus: { generated: true },
    workloads: [
      { name: 'photographs', kind: 'photographs' },
      { name: 'simulated-keras', kind: 'simulated' },
    ],
  });
  expect(completeManifest(oldManifest(stacks)).corpus.generated).toBe(false);
});
