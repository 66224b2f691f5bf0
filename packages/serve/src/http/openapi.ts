import { ERRORS, type ErrorCode } from '@servelab/core';
import type { ServeOptions } from '../config/serve-options.js';
import { VERSION } from '../config/version.js';
import { CONTENT_CODINGS } from './body-codings.js';
import { type SchemaName, schemas } from './openapi-schemas.js';
import { PROBLEM_TYPE } from './problem.js';
import { MAX_WISH_MS } from './request-deadline.js';

/** What `/predict` may answer besides 200; 499 is never sent. */
const PREDICT_ERRORS = (Object.keys(ERRORS) as ErrorCode[]).filter(
  (code) =>
    !['not_found', 'method_not_allowed', 'misdirected_request', 'client_closed_request'].includes(code),
);

/**
 * The OpenAPI 3.1 document of the server; its errors come from the one table. Schemathesis holds the server to it
 * (test/contract/openapi.test.ts).
 */
export function openApiDocument({ maxImagesPerRequest }: Pick<ServeOptions, 'maxImagesPerRequest'>) {
  return {
    openapi: '3.1.0',
    info: {
      title: 'servelab',
      version: VERSION,
      description: 'A model server for Node with explainable batching.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    paths: {
      '/predict': { post: predictOperation() },
      '/health': probe('Whether the model can answer, and which model it is', 'Health'),
      '/livez': probe('Whether the process answers', 'Status', false),
      '/readyz': probe('Whether to send requests here', 'Status'),
      '/metrics': {
        get: {
          summary: 'Prometheus metrics',
          responses: { 200: { description: 'Text exposition format', content: { 'text/plain': {} } } },
        },
      },
      '/debug/batches': {
        get: {
          summary: 'The last 1,000 batches and why each fired; off where the address is not a loopback one',
          responses: { 200: json('Newest last', 'BatchJournal'), 421: problem('misdirected_request') },
        },
      },
      '/debug/policy': {
        get: {
          summary:
            'What the batching policy has learned and follows; off where the address is not a loopback one',
          responses: {
            200: {
              description: 'JSON; of `optimal` its batch costs, mean gap and plan',
              content: { 'application/json': { schema: { type: 'object' } } },
            },
            421: problem('misdirected_request'),
            503: problem('not_ready'),
          },
        },
      },
      '/openapi.json': {
        get: {
          summary: 'This document',
          responses: { 200: { description: 'OpenAPI 3.1', content: { 'application/json': {} } } },
        },
      },
      '/docs': {
        get: {
          summary: 'This document, for people',
          responses: { 200: { description: 'HTML', content: { 'text/html': {} } } },
        },
      },
    },
    components: { schemas: schemas(maxImagesPerRequest) },
  };
}

function predictOperation() {
  return {
    summary: 'Classify one image or several',
    parameters: [
      header('x-request-id', 'Taken over when it is at most 128 letters, digits and . : _ -', {
        type: 'string',
      }),
      header('x-request-timeout-ms', 'Shortens the time-out of this request', {
        type: 'integer',
        minimum: 1,
        maximum: MAX_WISH_MS,
      }),
    ],
    requestBody: {
      description: `The body may be compressed: Content-Encoding ${CONTENT_CODINGS.join(', ')}, one of them.`,
      required: true,
      content: {
        'application/json': { schema: reference('JsonImages') },
        'multipart/form-data': { schema: reference('FormImages') },
        'image/*': { schema: { type: 'string', format: 'binary', minLength: 1 } },
      },
    },
    responses: {
      200: {
        description: 'Five classes an image (or what its manifest says), most probable first',
        headers: RESPONSE_HEADERS,
        content: {
          'application/json': { schema: { oneOf: [reference('Prediction'), reference('Results')] } },
        },
      },
      ...problemResponses(),
    },
  };
}

const RESPONSE_HEADERS = {
  'x-request-id': { schema: { type: 'string' } },
  'server-timing': { description: 'decode, queue, batch, infer, total', schema: { type: 'string' } },
};

/** Codes of one status stand together: a response is keyed by its status. */
function problemResponses() {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of PREDICT_ERRORS) {
    byStatus.set(ERRORS[code].status, [...(byStatus.get(ERRORS[code].status) ?? []), code]);
  }
  return Object.fromEntries([...byStatus].map(([status, codes]) => [status, problem(...codes)]));
}

const problem = (...codes: readonly ErrorCode[]) => ({
  description: codes.map((code) => `${code}: ${ERRORS[code].title}`).join('; '),
  headers: RESPONSE_HEADERS,
  content: { [PROBLEM_TYPE]: { schema: reference('Problem') } },
});

function probe(summary: string, schema: SchemaName, may503 = true) {
  const responses = { 200: json('Yes', schema) };
  return { get: { summary, responses: may503 ? { ...responses, 503: json('Not now', schema) } : responses } };
}

const reference = (schema: SchemaName) => ({ $ref: `#/components/schemas/${schema}` });

const json = (description: string, schema: SchemaName) => ({
  description,
  content: { 'application/json': { schema: reference(schema) } },
});

const header = (name: string, description: string, schema: object) => ({
  name,
  in: 'header',
  description,
  schema,
});
