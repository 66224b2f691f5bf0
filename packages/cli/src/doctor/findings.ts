/** How much the absence of a thing matters. */
export type Weight = 'required' | 'recommended' | 'optional';

/** What one look at the machine found. */
export interface Finding {
  readonly name: string;
  readonly weight: Weight;
  readonly ok: boolean;
  /** What is there, or what is missing. */
  readonly found: string;
  /** What it is for, and how to get it; shown when it is missing. */
  readonly fix: string;
}

/** A person's view: one line a finding, the fix under what is missing. */
export function renderFindings(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ name }) => name.length));
  const lines = findings.flatMap(({ name, weight, ok, found, fix }) => {
    const line = `${ok ? 'ok     ' : 'missing'}  ${name.padEnd(width)}  ${found}`;
    return ok ? [line] : [line, `${' '.repeat(width + 11)}${weight}: ${fix}`];
  });
  return [...lines, '', conclusion(findings)].join('\n');
}

export function conclusion(findings: readonly Finding[]): string {
  const missing = (weight: Weight) =>
    findings.filter((finding) => !finding.ok && finding.weight === weight).map(({ name }) => name);
  const required = missing('required');
  if (required.length > 0) return `servelab cannot work here yet: ${required.join(', ')} missing.`;
  const recommended = missing('recommended');
  return recommended.length > 0
    ? `servelab works here, with limits: ${recommended.join(', ')} missing.`
    : 'servelab works here.';
}
