import { ERRORS } from '@servelab/core';

const object = (properties: Record<string, object>, required = Object.keys(properties)) => ({
  type: 'object',
  properties,
  required,
});
const list = (items: object, extra: object = {}) => ({ type: 'array', items, ...extra });
const TEXT = { type: 'string' };
const COUNT = { type: 'integer', minimum: 0 };
const MS = { type: 'number', minimum: 0 };
const CODE = { type: 'string', enum: Object.keys(ERRORS) };
const PROBABILITY = { type: 'number', minimum: 0, maximum: 1 };
const FILE = { type: 'string', format: 'binary' };
const BASE64 = {
  type: 'string',
  format: 'byte',
  contentEncoding: 'base64',
  minLength: 1,
  description: 'Standard base64, padded; white space and a data: prefix are allowed',
};

const PREDICTION = object({
  predictions: list(
    object({
      class_id: { ...COUNT, description: 'From 0, in the order of the labels of the model' },
      class_name: TEXT,
      confidence: PROBABILITY,
    }),
    { minItems: 1 },
  ),
  top_prediction: TEXT,
  confidence: PROBABILITY,
});

/** Both names in one object are refused; any other member is left alone. */
const jsonImages = (maxItems: number) => ({
  oneOf: [
    { ...object({ image_base64: BASE64 }), not: { required: ['images_base64'] } },
    {
      ...object({
        images_base64: list(
          { anyOf: [BASE64, { description: 'Anything else has an error in its place of the results' }] },
          { minItems: 1, maxItems },
        ),
      }),
      not: { required: ['image_base64'] },
    },
  ],
});

/** A part `file`, parts `files`, or both. An empty file is refused alone, and has an error in its place among others. */
const formImages = (maxItems: number) => ({
  ...object({ file: FILE, files: list(FILE, { minItems: 1, maxItems }) }, []),
  oneOf: [
    { required: ['file'], not: { required: ['files'] }, properties: { file: { minLength: 1 } } },
    {
      required: ['files'],
      not: { required: ['file'] },
      properties: { files: { anyOf: [{ minItems: 2 }, { items: { minLength: 1 } }] } },
    },
    { required: ['file', 'files'], properties: { files: { maxItems: maxItems - 1 } } },
  ],
});

/** JSON Schemas of the bodies on the wire. */
export const schemas = (maxImagesPerRequest: number) => ({
  JsonImages: jsonImages(maxImagesPerRequest),
  FormImages: formImages(maxImagesPerRequest),
  Prediction: PREDICTION,
  Results: object({
    results: list({
      oneOf: [
        { $ref: '#/components/schemas/Prediction' },
        object({ error: object({ code: CODE, status: COUNT, title: TEXT }) }),
      ],
    }),
  }),
  Problem: object({ type: TEXT, title: TEXT, status: COUNT, code: CODE, detail: TEXT, request_id: TEXT }),
  Status: object({ status: { type: 'string', enum: ['ok', 'starting', 'draining', 'no_worker'] } }),
  Health: object(
    {
      status: { type: 'string', enum: ['ok', 'starting', 'draining', 'no_worker'] },
      version: TEXT,
      model: TEXT,
      model_sha256: { type: ['string', 'null'] },
      precision: TEXT,
      runtime: TEXT,
      policy: TEXT,
      synthetic: { type: 'boolean' },
      warning: TEXT,
      transport: { type: 'string', enum: ['shared-memory', 'ipc', 'in-process'] },
      device: { type: ['string', 'null'] },
      workers: COUNT,
      ready_workers: COUNT,
      queued_images: COUNT,
    },
    ['status', 'version'],
  ),
  BatchJournal: object({
    batches: list(
      object({
        id: COUNT,
        worker: COUNT,
        size: COUNT,
        reason: TEXT,
        rule: TEXT,
        formed_at_ms: MS,
        wait_ms: MS,
        decode_ms: MS,
        infer_ms: MS,
        request_ids: list(TEXT),
      }),
    ),
  }),
});
