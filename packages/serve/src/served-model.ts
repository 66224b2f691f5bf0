import type { ServeOptions } from './config/serve-options.js';
import type { ServedModel } from './http/server-state.js';
import { MODELS } from './model/model-manifest.js';
import { openModel } from './model/model-store.js';
import type { ModelProgress } from './model/opened-model.js';
import type { RuntimeSpec } from './runtime/model-runtime.js';

/** What is served, and what the workers need in order to run it. */
export interface PreparedModel {
  readonly model: ServedModel;
  readonly runtime: RuntimeSpec;
}

/**
 * Makes ready what the options name: the weights, fetched and converted or checked where that has not been done, or
 * the costs that the simulated runtime imitates.
 *
 * @throws UserError where the model or the cost table cannot be had
 */
export async function prepareModel(
  options: ServeOptions,
  environment: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
  onProgress: (progress: ModelProgress) => void,
): Promise<PreparedModel> {
  if (options.runtime === 'simulated') return await simulatedModel(options);
  const opened = await openModel(options.model, options.precision, {
    synthetic: options.syntheticWeights ? 'always' : 'never',
    environment,
    signal,
    onProgress,
  });
  const { manifest, precision, handling, graphPath, graphSha256, labels, sha256, synthetic } = opened;
  return {
    model: {
      name: manifest.name,
      precision,
      runtime: 'onnx',
      policy: options.policy,
      sha256,
      synthetic,
      warning: synthetic ? 'synthetic weights: timings are real, answers are not' : null,
      labels,
    },
    runtime: {
      kind: 'onnx',
      graphPath,
      graphSha256,
      inputSize: manifest.inputSize,
      classCount: manifest.classCount,
      intraOpThreads: options.intraOpThreads,
      ...handling,
    },
  };
}

async function simulatedModel(options: ServeOptions): Promise<PreparedModel> {
  // Its checks need a library that a server of a real model does without.
  const { readCostTable } = await import('./runtime/cost-table.js');
  const { name, ...behaviour } = await readCostTable(options.cost);
  const [{ inputSize, classCount }] = MODELS;
  return {
    model: {
      name: `simulated ${name}`,
      precision: options.precision,
      runtime: 'simulated',
      policy: options.policy,
      sha256: null,
      synthetic: false,
      warning: 'simulated runtime: timings imitate a cost table, answers mean nothing',
      labels: Array.from({ length: classCount }, (_, id) => `class ${id}`),
    },
    runtime: { kind: 'simulated', inputSize, classCount, ...behaviour },
  };
}
