/** Schemas of what is sent over HTTP; apart from the package's entry point, which loads no library. */
export { batchJournalSchema, batchRecordSchema } from './batch-journal.js';
export { healthSchema, statusSchema } from './health.js';
export { imagePredictionSchema, predictionResultsSchema, problemDetailsSchema } from './prediction.js';
