import type { ErrorObject } from 'ajv/dist/2020.js';

/** `/spec/replicas must be integer`; of an unknown field its name. */
export function errorWords({ instancePath, message, params }: ErrorObject): string {
  const field = 'additionalProperty' in params ? ` (${params.additionalProperty})` : '';
  return `${instancePath} ${message}${field}`;
}
