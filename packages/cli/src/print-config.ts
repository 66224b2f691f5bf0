import { flagName, type OptionTable, type ResolvedOptions } from '@servelab/core';

/** One YAML line an option, with where its value comes from as a comment. */
export function printConfig(table: OptionTable, { values, origins }: ResolvedOptions<OptionTable>): string {
  return Object.keys(table)
    .map((key) => `${flagName(key)}: ${JSON.stringify(values[key])}  # ${origins[key]}`)
    .join('\n');
}
