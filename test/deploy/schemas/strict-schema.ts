/** The parts of a JSON Schema, as an operator's definition has them, that hold schemas. */
export interface JsonSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly [keyword: string]: unknown;
}

/**
 * The same, but fields that it does not name are refused, as `kubectl apply --validate=strict` does. Where it keeps
 * what it does not know (`x-kubernetes-preserve-unknown-fields`) anything may still stand.
 */
export function strictSchema(schema: JsonSchema): JsonSchema {
  const { properties, items, additionalProperties } = schema;
  return {
    ...schema,
    ...(properties === undefined ? {} : { properties: mapValues(properties, strictSchema) }),
    ...(items === undefined ? {} : { items: strictSchema(items) }),
    ...(typeof additionalProperties === 'object'
      ? { additionalProperties: strictSchema(additionalProperties) }
      : {}),
    ...(isClosed(schema) ? { additionalProperties: false } : {}),
  };
}

const isClosed = (schema: JsonSchema): boolean =>
  schema.properties !== undefined &&
  schema.additionalProperties === undefined &&
  schema['x-kubernetes-preserve-unknown-fields'] !== true;

const mapValues = <A, B>(record: Readonly<Record<string, A>>, map: (value: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
