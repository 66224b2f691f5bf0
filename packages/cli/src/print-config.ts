import { flagName, type OptionTable, type ResolvedOptions } from '@servelab/core';

/** One YAML line an option, with where its value comes from as a comment. */
export function printConfig(
  table: OptionTable,
  { values, origins, serviceLinks }: ResolvedOptions<OptionTable>,
): string {
  return Object.keys(table)
    .map((key) => {
      const link = serviceLinks[key];
      const ignored = link === undefined ? '' : `; ${link.variable} is a Kubernetes service link and ignored`;
      return `${flagName(key)}: ${JSON.stringify(values[key])}  # ${origins[key]}${ignored}`;
    })
    .join('\n');
}
