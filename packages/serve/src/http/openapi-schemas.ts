import {
  batchJournalSchema,
  healthSchema,
  imagePredictionSchema,
  predictionResultsSchema,
  problemDetailsSchema,
  statusSchema,
} from '@servelab/core/wire-schemas';
import { z } from 'zod';

/** Responses, by their names in the document. */
const RESPONSES = {
  Prediction: imagePredictionSchema,
  Results: predictionResultsSchema,
  Problem: problemDetailsSchema,
  Status: statusSchema,
  Health: healthSchema,
  BatchJournal: batchJournalSchema,
};

const object = (properties: Record<string, object>, required = Object.keys(properties)) => ({
  type: 'object',
  properties,
  required,
});
const list = (items: object, extra: object = {}) => ({ type: 'array', items, ...extra });
const FILE = { type: 'string', format: 'binary' };
const BASE64 = {
  type: 'string',
  format: 'byte',
  contentEncoding: 'base64',
  minLength: 1,
  description: 'Standard base64, padded; white space and a data: prefix are allowed',
};

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

/** JSON Schemas of the responses, which refer to each other as components of the document. */
function responses(): Record<string, object> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(RESPONSES)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, {
    // Other members are allowed: a later version may add some.
    io: 'input',
    uri: (id) => `#/components/schemas/${id}`,
    override: ({ jsonSchema }) => {
      // Left out: the largest integer of JavaScript, which no value on the wire comes near.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  return Object.fromEntries(
    Object.entries(schemas).map(([name, { $schema: _dialect, $id: _address, ...schema }]) => [name, schema]),
  );
}

/** A component of the document. */
export type SchemaName = 'JsonImages' | 'FormImages' | keyof typeof RESPONSES;

/** JSON Schemas of the bodies on the wire. */
export const schemas = (maxImagesPerRequest: number): Readonly<Record<string, object>> => ({
  JsonImages: jsonImages(maxImagesPerRequest),
  FormImages: formImages(maxImagesPerRequest),
  ...responses(),
});
