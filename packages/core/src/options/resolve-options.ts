import { usageError } from '../errors/user-error.js';
import {
  environmentName,
  flagName,
  type ListOption,
  type NumberOption,
  type OptionSpec,
  type Options,
  type OptionTable,
  type StringOption,
} from './option-table.js';
import { isServiceLink, type ServiceLink } from './service-link.js';

export type OptionOrigin = 'flag' | 'environment' | 'file' | 'property' | 'default';

/** Values by source. Keys are spelled as the source spells them. */
export interface OptionSources {
  /** By flag, without the dashes: `max-batch-size`. */
  readonly flags?: Readonly<Record<string, unknown>>;
  /** By variable: `SERVELAB_MAX_BATCH_SIZE`. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** By flag, without the dashes. */
  readonly file?: Readonly<Record<string, unknown>>;
  /** Of an object in a program: `maxBatchSize`. */
  readonly properties?: Readonly<Record<string, unknown>>;
}

/** How one source is read, and how it spells the option with a camelCase name in messages. */
interface OptionSource {
  readonly origin: OptionOrigin;
  read(sources: OptionSources, name: string): unknown;
  spell(name: string): string;
}

/** The first that has a value counts. */
const SOURCES: readonly OptionSource[] = [
  {
    origin: 'flag',
    read: ({ flags }, name) => flags?.[flagName(name)],
    spell: (name) => `--${flagName(name)}`,
  },
  {
    origin: 'environment',
    read: ({ environment }, name) =>
      serviceLinkOf(name, environment) === null ? environment?.[environmentName(name)] : undefined,
    spell: environmentName,
  },
  {
    origin: 'file',
    read: ({ file }, name) => file?.[flagName(name)],
    spell: (name) => `${flagName(name)} in the configuration file`,
  },
  { origin: 'property', read: ({ properties }, name) => properties?.[name], spell: (name) => name },
];

export interface ResolvedOptions<T extends OptionTable> {
  values: Options<T>;
  origins: { readonly [K in keyof T]: OptionOrigin };
  /** Variables that were set, but not by the user: see `service-link.ts`. */
  serviceLinks: { readonly [K in keyof T]?: ServiceLink };
}

/**
 * Flags > environment > file > properties > defaults, each value checked against its bounds. What Kubernetes put into the
 * environment under the name of an option is no value, and is told instead.
 *
 * @throws UserError (exit code 2) that names the option as its source spells it, the limit and the fix
 */
export function resolveOptions<T extends OptionTable>(table: T, sources: OptionSources): ResolvedOptions<T> {
  refuseUnknownFileKeys(table, sources.file ?? {});
  const values: Record<string, unknown> = {};
  const origins: Record<string, OptionOrigin> = {};
  const serviceLinks: Record<string, ServiceLink> = {};
  for (const [name, spec] of Object.entries(table)) {
    const link = serviceLinkOf(name, sources.environment);
    if (link !== null) serviceLinks[name] = link;
    const found = SOURCES.map((source) => ({ source, raw: source.read(sources, name) })).find(
      ({ raw }) => raw !== undefined && raw !== null,
    );
    values[name] = found === undefined ? spec.default : parseValue(spec, found.source.spell(name), found.raw);
    origins[name] = found?.source.origin ?? 'default';
  }
  return { values, origins, serviceLinks } as ResolvedOptions<T>;
}

function serviceLinkOf(name: string, environment: OptionSources['environment']): ServiceLink | null {
  const variable = environmentName(name);
  const text = environment?.[variable];
  return isServiceLink(variable, text) ? { variable, text } : null;
}

function refuseUnknownFileKeys(table: OptionTable, file: Readonly<Record<string, unknown>>): void {
  const known = new Set(Object.keys(table).map(flagName));
  for (const name of Object.keys(file)) {
    if (!known.has(name)) {
      throw usageError(
        `unknown option "${name}" in the configuration file`,
        `Use one of: ${[...known].join(', ')}.`,
      );
    }
  }
}

function parseValue(spec: OptionSpec, name: string, raw: unknown): unknown {
  switch (spec.type) {
    case 'integer':
    case 'number':
      return parseNumber(spec, name, raw);
    case 'boolean':
      return parseBoolean(name, raw);
    case 'list':
      return parseList(spec, name, raw);
    case 'string':
      return parseString(spec, name, raw);
  }
}

function parseNumber(spec: NumberOption, name: string, raw: unknown): number {
  const value = typeof raw === 'string' && raw.trim() !== '' ? Number(raw) : raw;
  const kind = spec.type === 'integer' ? 'a whole number' : 'a number';
  const fits =
    typeof value === 'number' &&
    Number.isFinite(value) &&
    (spec.type === 'number' || Number.isInteger(value)) &&
    value >= spec.min &&
    value <= spec.max;
  if (!fits) {
    throw usageError(`${name} is ${show(raw)}`, `Give ${kind} from ${spec.min} to ${spec.max}.`);
  }
  return value;
}

function parseBoolean(name: string, raw: unknown): boolean {
  if (raw === true || raw === 'true' || raw === '1') return true;
  if (raw === false || raw === 'false' || raw === '0') return false;
  throw usageError(`${name} is ${show(raw)}`, 'Give true or false.');
}

function parseList({ repeated, choices }: ListOption, name: string, raw: unknown): readonly string[] {
  const items = repeated
    ? wholeItems(raw)
    : Array.isArray(raw)
      ? raw.map(String)
      : String(raw).split(/[\s,]+/);
  const filled = items.filter((item) => item !== '');
  if (filled.length === 0) {
    const fix = repeated ? 'Give at least one item.' : 'Give at least one item, separated by commas.';
    throw usageError(`${name} is empty`, fix);
  }
  const unknown = choices && filled.find((item) => !choices.includes(item));
  if (unknown !== undefined) {
    throw usageError(`${name} has "${unknown}"`, `Use one or more of: ${choices?.join(', ')}.`);
  }
  return filled;
}

/** YAML reads an unquoted `- name: value` as a mapping: it is meant as that line of text. */
function wholeItems(raw: unknown): string[] {
  if (Array.isArray(raw)) return raw.flatMap(wholeItems);
  if (isMapping(raw)) return Object.entries(raw).map(([key, value]) => `${key}: ${value}`);
  return String(raw)
    .split('\n')
    .map((line) => line.trim());
}

function parseString(spec: StringOption, name: string, raw: unknown): string {
  const structured = isMapping(raw) || Array.isArray(raw);
  if (structured && spec.orJson !== true) throw usageError(`${name} is ${show(raw)}`, 'Give a text.');
  const value = structured ? JSON.stringify(raw) : String(raw);
  if (spec.choices !== undefined && !spec.choices.includes(value)) {
    throw usageError(`${name} is ${show(raw)}`, `Use one of: ${spec.choices.join(', ')}.`);
  }
  return value;
}

const isMapping = (raw: unknown): raw is Readonly<Record<string, unknown>> =>
  typeof raw === 'object' && raw !== null && !Array.isArray(raw);

const show = (raw: unknown): string => (typeof raw === 'string' ? `"${raw}"` : JSON.stringify(raw));
