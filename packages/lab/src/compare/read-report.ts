import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeText, environmentError, type Report, usageError } from '@servelab/core';
import { reportSchema } from '@servelab/core/report-schema';
import { errorCode } from '@servelab/node';
import { z } from 'zod';
import { firstFault } from '../report/first-fault.js';
import { reportV1Schema, upgradeReport } from './report-v1.js';

const anyReportSchema = z.discriminatedUnion('schema_version', [reportSchema, reportV1Schema]);

/**
 * The report of a run, whichever version has written it.
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
    text = decodeText(await readFile(file));
  } catch (error) {
    const code = errorCode(error);
    throw usageError(
      `${file} cannot be read (${code})`,
      isFolder
        ? `Write it again from the records: servelab report ${path}.`
        : 'Name two folders that "servelab bench" has written, the older one first.',
    );
  }
  try {
    const report = anyReportSchema.parse(JSON.parse(text));
    return report.schema_version === 1 ? upgradeReport(report) : report;
  } catch (error) {
    throw environmentError(
      `${file} is not a valid report: ${firstFault(error)}`,
      'Write it again from the records: servelab report RUN_DIR.',
      error,
    );
  }
}
