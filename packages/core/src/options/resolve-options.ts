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

export type OptionOrigin = 'flag' | 'environment' | 'file' | 'default';

/** What each source says; keys of `flags` and `file` are kebab-case flag names, of `environment` variable names. */
export interface OptionSources {
  flags: Readonly<Record<string, unknown>>;
  environment: Readonly<Record<string, string | undefined>>;
  file: Readonly<Record<string, unknown>>;
}

export interface ResolvedOptions<T extends OptionTable> {
  values: Options<T>;
  origins: { readonly [K in keyof T]: OptionOrigin };
  /** Variables that were set, but not by the user: see `service-link.ts`. */
  serviceLinks: { readonly [K in keyof T]?: ServiceLink };
}

/**
 * Flags > environment > file > defaults, each value checked against its bounds. What Kubernetes put into the
 * environment under the name of an option is no value, and is told instead.
 *
 * @throws UserError (exit code 2) that names the option as its source spells it, the limit and the fix
 */
export function resolveOptions<T extends OptionTable>(table: T, sources: OptionSources): ResolvedOptions<T> {
  refuseUnknownFileKeys(table, sources.file);
  const values: Record<string, unknown> = {};
  const origins: Record<string, OptionOrigin> = {};
  const serviceLinks: Record<string, ServiceLink> = {};
  for (const [key, spec] of Object.entries(table)) {
    const flag = flagName(key);
    const variable = environmentName(key);
    const text = sources.environment[variable];
    const isLink = isServiceLink(variable, text);
    if (isLink) serviceLinks[key] = { variable, text };
    const candidates: [OptionOrigin, string, unknown][] = [
      ['flag', `--${flag}`, sources.flags[flag]],
      ['environment', variable, isLink ? undefined : text],
      ['file', `${flag} in the configuration file`, sources.file[flag]],
    ];
    const found = candidates.find(([, , raw]) => raw !== undefined && raw !== null);
    values[key] = found === undefined ? spec.default : parseValue(spec, found[1], found[2]);
    origins[key] = found === undefined ? 'default' : found[0];
  }
  return { values, origins, serviceLinks } as ResolvedOptions<T>;
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
