export type * from './record/request-record.js';
export type * from './record/run-folder.js';
