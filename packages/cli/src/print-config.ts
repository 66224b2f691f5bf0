import { flagName, hideCredentials, type OptionTable, type ResolvedOptions } from '@servelab/core';

/** One YAML line an option, with where its value comes from as a comment; credentials are left out. */
export function printConfig(
  table: OptionTable,
  { values, origins, serviceLinks }: ResolvedOptions<OptionTable>,
): string {
  return Object.keys(table)
    .map((key) => {
      const link = serviceLinks[key];
      const ignored = link === undefined ? '' : `; ${link.variable} is a Kubernetes service link and ignored`;
      return `${flagName(key)}: ${JSON.stringify(values[key], withoutSecrets)}  # ${origins[key]}${ignored}`;
    })
    .join('\n');
}

/** Headers that carry secrets; their names stay. */
const SECRET_HEADER = /^((?:proxy-)?authorization|cookie|x-api-key): *\S.*$/is;

function withoutSecrets(_key: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  return hideCredentials(value.replace(SECRET_HEADER, '$1: ***'));
}
