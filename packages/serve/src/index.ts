export type * from './schedule/policy.js';
export type * from './workers/inference-engine.js';
