import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '@servelab/core';
import { reportSchema } from '@servelab/core/report-schema';
import { importedSummary, importReport, readLoads } from '@servelab/lab';

/**
 * A result file of another tool: a report that is one, or an error with a fix.
 *
 * @public loaded by check-host.ts
 */
export async function check(bytes: Buffer, expected: unknown): Promise<string | null> {
  const { name, users, rateRps } = expected as { name: string; users: number | null; rateRps: number | null };
  const folder = mkdtempSync(join(tmpdir(), 'servelab-fuzz-import-'));
  try {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    const imported = importReport(await readLoads([path], { users, rateRps }));
    importedSummary(imported);
    const parsed = reportSchema.safeParse(JSON.parse(JSON.stringify(imported.report)));
    return parsed.success ? null : `the report is none: ${parsed.error.message.slice(0, 300)}`;
  } catch (error) {
    if (error instanceof UserError) return error.fix === '' ? 'an error without a fix' : null;
    return `no error for people: ${(error as Error).stack}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
