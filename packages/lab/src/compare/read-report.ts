import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { environmentError, type Report, usageError } from '@servelab/core';
import { reportSchema } from '@servelab/core/report-schema';

/**
 * The report of a run.
 *
 * @param path its folder, or the `report.json` alone, as a pipeline may have kept it
 * @throws UserError (exit code 2) where there is no report, and (3) for a damaged one
 */
export async function readReport(path: string): Promise<Report> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const file = isFolder ? join(path, 'report.json') : path;
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw usageError(
      `${file} cannot be read (${code})`,
      isFolder
        ? `Write it again from the records: servelab report ${path}.`
        : 'Name two folders that "servelab bench" has written, the older one first.',
    );
  }
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw environmentError(`${file} is no JSON: ${(error as Error).message}`, REMEDY, error);
  }
  const parsed = reportSchema.safeParse(document);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw environmentError(
    `${file} is no report: ${issue?.path.join('.') || 'the document'}: ${issue?.message}`,
    REMEDY,
  );
}

const REMEDY = 'Write it again from the records: servelab report RUN_DIR.';
