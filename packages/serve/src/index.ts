export { SERVE_OPTIONS, type ServeOptions } from './config/serve-options.js';
export { PRECISIONS, type Precision } from './convert/convert-model.js';
export { openApiDocument } from './http/openapi.js';
export type { CacheEntry, FileCheck } from './model/cache-entry.js';
export { MODELS, type ModelManifest } from './model/model-manifest.js';
export { findModel, type ModelState, openModel, pullModel, verifyModel } from './model/model-store.js';
export type { ModelProgress, OpenedModel, OpenModelOptions } from './model/opened-model.js';
export { COST_TABLE_NAMES, type CostTable, readCostTable } from './runtime/cost-table.js';
export type { ModelRuntime, RuntimeSpec } from './runtime/model-runtime.js';
export { openRuntime } from './runtime/open-runtime.js';
export {
  createPolicy,
  POLICY_NAMES,
  type PolicyName,
  type PolicyOptions,
} from './schedule/policies/index.js';
export type * from './schedule/policy.js';
export { type RunningServer, startServer } from './server.js';
export { createEngine } from './workers/engine.js';
export type * from './workers/inference-engine.js';
