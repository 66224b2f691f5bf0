import { expect, it } from 'vitest';
import { syntheticRun } from '../../../../test/fixtures/synthetic-run.js';
import type { StackRun } from '../record/run-folder.js';
import { analyseRun } from './analyse-run.js';
import { attributionChains } from './attribution.js';
import { groupByLoad } from './compare-stacks.js';

/** What a Keras call costs, and ONNX Runtime. */
const keras = (size: number) => 90 + 12 * size;
const onnx = (size: number) => 7 * size;
const CLOSED = { mode: 'closed', concurrency: 8 } as const;
const NONE = { policy: 'none', batching: { kind: 'none' } } as const;

interface Described {
  name: string;
  runtime: string;
  policy: string;
  batching: StackRun['batching'];
  costMs: (size: number) => number;
  maxBatchSize?: number;
}

const STACKS: Described[] = [
  { name: 'fastapi/seeds', runtime: 'keras', ...NONE, costMs: keras },
  {
    name: 'bentoml/seeds',
    runtime: 'keras',
    policy: 'CorkDispatcher 8, 60 s',
    batching: { kind: 'slo-adaptive', max_batch_size: 8, window_ms: 60_000 },
    costMs: keras,
    maxBatchSize: 8,
  },
  { name: 'bentoml/seeds:none', runtime: 'keras', ...NONE, costMs: (n) => keras(n) * 0.9 },
  { name: 'fastapi/tuned', runtime: 'onnx', ...NONE, costMs: onnx },
  { name: 'servelab:none', runtime: 'onnx', ...NONE, costMs: (n) => onnx(n) * 0.8 },
];

function chainsOf(stacks: Described[]) {
  const { manifest, loadPoint } = syntheticRun({
    stacks: stacks.map(({ name, costMs, maxBatchSize = 1 }) => ({ name, costMs, maxBatchSize })),
    loads: [CLOSED],
    durationMs: 6000,
  });
  const described = manifest.stacks.map((stack) => {
    const { runtime, policy, batching } = stacks.find(({ name }) => name === stack.name) as Described;
    const framework = stack.name.split(/[/:]/)[0] ?? '';
    return { ...stack, framework, runtime, policy, batching, kind: 'peer' as const };
  });
  const report = analyseRun({ ...manifest, stacks: described }, loadPoint);
  return {
    report,
    chains: groupByLoad(report.stacks).flatMap((group) => attributionChains(group, report.stacks)),
  };
}

it('leads from the slowest stack to the fastest, one factor at a time, and answers the seeds’ question', () => {
  const { report, chains } = chainsOf(STACKS);
  expect(
    chains.map(({ from, to, steps }) => [from, to, steps.map(({ factor, change }) => `${factor} ${change}`)]),
  ).toEqual([
    ['fastapi/seeds', 'servelab:none', ['runtime keras → onnx', 'framework fastapi → servelab']],
    [
      'fastapi/seeds',
      'bentoml/seeds',
      ['framework fastapi → bentoml', 'policy none → CorkDispatcher 8, 60 s'],
    ],
  ]);
  // 102 ms alone, less a tenth for the framework; eight clients become batches of seven and one, 174 and 102 ms.
  const [framework, batching] = chains[1]?.steps ?? [];
  expect(framework?.speedup.value).toBeCloseTo(1 / 0.9, 1);
  expect(batching?.speedup.value).toBeCloseTo((8 / (174 + 102)) * 102 * 0.9, 1);
  expect(batching?.speedup.ci95?.[0]).toBeGreaterThan(2);
  expect(report.attribution.map(({ from, to }) => `${from} ${to}`)).toEqual([
    'fastapi/seeds fastapi/tuned',
    'fastapi/tuned servelab:none',
    'fastapi/seeds bentoml/seeds:none',
    'bentoml/seeds:none bentoml/seeds',
  ]);
});

it('multiplies to the whole', () => {
  const [whole] = chainsOf(STACKS).chains;
  const product = whole?.steps.reduce((sum, { speedup }) => sum * (speedup.value ?? 0), 1) ?? 0;
  const [first, last] = [whole?.figures[0]?.stat.value ?? 0, whole?.figures.at(-1)?.stat.value ?? 0];
  expect(product / (last / first)).toBeCloseTo(1, 2);
});

it('says nothing where no way of single steps was measured', () => {
  const apart = STACKS.filter(({ name }) => ['bentoml/seeds', 'servelab:none'].includes(name));
  expect(chainsOf(apart)).toMatchObject({ chains: [], report: { attribution: [] } });
});

it('takes no way over another runtime and back', () => {
  const withoutTwin = STACKS.filter(({ name }) => name !== 'bentoml/seeds:none');
  const batching = { kind: 'slo-adaptive' } as const;
  const alike = { runtime: 'onnx', policy: 'slo-adaptive', batching, costMs: onnx, maxBatchSize: 8 };
  const { chains } = chainsOf([
    ...withoutTwin,
    { ...alike, name: 'servelab:slo-adaptive' },
    { ...alike, name: 'bentoml/tuned' },
  ]);
  expect(chains.map(({ to }) => to)).not.toContain('bentoml/seeds');
});
