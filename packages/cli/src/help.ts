import { flagName, type OptionSpec } from '@servelab/core';
import type { Command } from './command.js';
import { COMMON_FLAGS } from './parse-command-line.js';

export function overview(commands: readonly Command[]): string {
  return [
    'servelab: serve a model, and measure ways of serving it against each other.',
    '',
    'Usage: servelab COMMAND [OPTIONS]',
    '',
    columns(commands.map((command) => [command.name, command.summary])),
    '',
    'Run "servelab COMMAND --help" for the options of one command, "servelab --version" for the version.',
    'Options come from flags, then SERVELAB_* variables, then servelab.yaml, then defaults.',
  ].join('\n');
}

export function commandHelp({ name, summary, positionals, options }: Command): string {
  const own = Object.entries(options).map(([key, spec]): [string, string] => [
    flagUsage(key, spec),
    `${spec.doc} ${bounds(spec)}`.trim(),
  ]);
  const common = Object.entries(COMMON_FLAGS).map(([flag, doc]): [string, string] => [
    flag === 'config' ? '--config FILE' : `--${flag}`,
    doc,
  ]);
  return [
    `Usage: servelab ${name} ${positionals} [OPTIONS]`.replace('  ', ' '),
    '',
    summary,
    '',
    columns([...own, ...common]),
  ].join('\n');
}

export function flagUsage(key: string, spec: OptionSpec): string {
  if (spec.type === 'boolean') return spec.default ? `--no-${flagName(key)}` : `--${flagName(key)}`;
  if (spec.type === 'list' && spec.repeated) return `--${flagName(key)} ${spec.placeholder ?? 'TEXT'} ...`;
  const placeholder = { integer: 'N', number: 'X', list: 'A,B', string: 'TEXT' }[spec.type];
  return `--${flagName(key)} ${spec.placeholder ?? placeholder}`;
}

/** Default and limits in brackets, as help and the generated documentation show them. */
export function bounds(spec: OptionSpec): string {
  const parts: string[] = [];
  if (spec.type === 'integer' || spec.type === 'number') parts.push(`${spec.min} to ${spec.max}`);
  if ((spec.type === 'string' || spec.type === 'list') && spec.choices !== undefined) {
    parts.push(spec.choices.join(' | '));
  }
  if (spec.default !== null && spec.type !== 'boolean') {
    parts.push(`default ${Array.isArray(spec.default) ? spec.default.join(',') : spec.default}`);
  }
  return parts.length === 0 ? '' : `[${parts.join('; ')}]`;
}

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
}
