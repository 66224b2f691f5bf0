import { describe, expect, it } from 'vitest';
import { openApiDocument } from './openapi.js';

const document = openApiDocument({ maxImagesPerRequest: 8 });

/** Every value of a member, wherever it is in a document. */
function valuesOf(member: string, value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => [
    ...(key === member ? [child] : []),
    ...valuesOf(member, child),
  ]);
}

describe('the OpenAPI document', () => {
  it('refers to every component that it has, and to no other', () => {
    const components = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
    expect([...new Set(valuesOf('$ref', document))].sort()).toEqual(components.sort());
  });

  it('allows members that a later version may add, and has no bound that is only JavaScript’s', () => {
    expect(valuesOf('additionalProperties', document)).toEqual([]);
    expect(valuesOf('maximum', document)).not.toContain(Number.MAX_SAFE_INTEGER);
  });
});
