export { MODELS, type ModelManifest, PRECISIONS, type Precision } from './model/model-manifest.js';
export type { ModelProgress, OpenedModel, OpenModel, OpenModelOptions } from './model/opened-model.js';
export { COST_TABLE_NAMES, type CostTable, readCostTable } from './runtime/cost-table.js';
export {
  createPolicy,
  POLICY_NAMES,
  type PolicyName,
  type PolicyOptions,
} from './schedule/policies/index.js';
export type * from './schedule/policy.js';
export type * from './workers/inference-engine.js';
