import type { Peer } from '@servelab/lab';

/** What is about to be installed, and what it takes. */
export function announcement(missing: readonly Pick<Peer, 'name' | 'installSize'>[]): string {
  const lines = missing.map(
    ({ name, installSize: { downloadMb, diskMb } }) =>
      `  ${name.padEnd(10)} up to ${downloadMb} MB to download, ${gigabytes(diskMb)} GB on disk`,
  );
  const several = missing.length > 1 ? '; most of it is the same for all, and fetched once' : '';
  const minutes = `${missing.length} to ${missing.length * 3} minutes${missing.length > 1 ? ' in all' : ''}`;
  return [
    `To be installed, each in a Python environment of its own${several}:`,
    ...lines,
    `About ${minutes}, by the network; Ctrl-C leaves nothing half made.`,
  ].join('\n');
}

/** What could not be had, why, and how to get it. */
export function missingWords(
  heading: 'LEFT OUT' | 'NOT INSTALLED',
  failures: readonly { readonly name: string; readonly error: { message: string; fix: string } }[],
): string {
  const reasons = new Map<string, { names: string[]; fix: string }>();
  for (const { name, error } of failures) {
    const same = reasons.get(error.message) ?? { names: [], fix: error.fix };
    same.names.push(name);
    reasons.set(error.message, same);
  }
  return [...reasons]
    .map(([message, { names, fix }]) => `${heading}: ${names.join(', ')}: ${message}\nfix: ${fix}`)
    .join('\n');
}

const gigabytes = (mb: number) => (mb / 1000).toFixed(1);
