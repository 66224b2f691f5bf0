export type { AdapterSpec } from './adapters/adapter.js';
export type {
  ClosedLoad,
  DriverPhase,
  DriverProgress,
  LoadPlan,
  LoadResult,
  LoadShape,
  OpenLoad,
  PlannedImage,
} from './load/load-plan.js';
export { type RunDriverOptions, runDriver } from './load/run-driver.js';
export { readRecords } from './record/record-reader.js';
export type * from './record/request-record.js';
export type * from './record/run-folder.js';
