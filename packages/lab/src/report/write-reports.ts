import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Report } from '@servelab/core';
import { writeAtomically } from '@servelab/node';
import { examineRun } from '../analyse/analyse-run.js';
import { standaloneSvg } from './charts/picture.js';
import { reportPage } from './html/page.js';
import { reportMarkdown } from './markdown.js';
import { allPictures, drawWorkloads } from './pictures.js';
import { pointsCsv } from './points-csv.js';
import { readRun } from './read-run.js';
import { reportJson } from './report-json.js';
import { runView } from './run-view.js';

/**
 * Analyses a run's folder and writes `report.json`, `report.md`, `report.html`, `points.csv` and `pictures/*.svg`
 * into it, each file whole or not at all. The same folder always gives the same bytes.
 *
 * @throws UserError (exit code 3) for a folder that is no run, or a damaged file, which is named with the line
 */
export async function writeReports(folder: string): Promise<Report> {
  const { manifest, loadPoint } = await readRun(folder);
  const { report, details } = examineRun(manifest, loadPoint);
  const view = runView(manifest, report, details);
  const drawn = drawWorkloads(view);
  const pictures = drawn.flatMap((one) => allPictures(one.pictures));
  const pictureFolder = join(folder, 'pictures');
  await mkdir(pictureFolder, { recursive: true });
  const names = new Set(pictures.map(({ name }) => `${name}.svg`));
  for (const picture of pictures) {
    await writeAtomically(join(pictureFolder, `${picture.name}.svg`), standaloneSvg(picture));
  }
  for (const file of await readdir(pictureFolder)) {
    if (file.endsWith('.svg') && !names.has(file)) await rm(join(pictureFolder, file));
  }
  await writeAtomically(join(folder, 'points.csv'), pointsCsv(report));
  await writeAtomically(join(folder, 'report.md'), reportMarkdown(view, drawn));
  await writeAtomically(join(folder, 'report.html'), reportPage(view, drawn));
  await writeAtomically(join(folder, 'report.json'), reportJson(report));
  return report;
}
