import { parseArgs } from 'node:util';
import { flagName, type OptionTable, usageError } from '@servelab/core';

export interface CommandLine {
  positionals: string[];
  /** By flag name, as typed; booleans as booleans. */
  flags: Record<string, unknown>;
}

/** Flags that every command has. */
export const COMMON_FLAGS = {
  help: 'Show this help.',
  config: 'Read options from this YAML file (default: servelab.yaml where it exists).',
  'print-config': 'Show every option with its value and where the value comes from, and stop.',
} as const;

/**
 * @throws UserError (exit code 2) for an unknown flag, a flag without its value, or a value for a switch
 */
export function parseCommandLine(command: string, table: OptionTable, args: readonly string[]): CommandLine {
  const options: Record<string, { type: 'boolean' | 'string'; multiple?: boolean }> = {
    help: { type: 'boolean' },
    config: { type: 'string' },
    'print-config': { type: 'boolean' },
  };
  for (const [key, spec] of Object.entries(table)) {
    options[flagName(key)] = {
      type: spec.type === 'boolean' ? 'boolean' : 'string',
      multiple: spec.type === 'list' && spec.repeated === true,
    };
  }
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options,
      allowPositionals: true,
      allowNegative: true,
      strict: true,
    });
    return { positionals, flags: { ...values } };
  } catch (error) {
    const [reason] = (error as Error).message.split('. ');
    throw usageError(`${reason}`, `Run "servelab ${command} --help" for the options; "--" ends them.`);
  }
}
