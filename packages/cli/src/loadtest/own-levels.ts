import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT, US_PER_S } from '@servelab/core';
import { type Corpus, measureLevel, type RunningForm } from '@servelab/lab';
import type { Terminal } from '../command.js';
import type { Targets } from './find-targets.js';
import { type LoadTestRow, loadTestReport, tableRow } from './loadtest-report.js';
import { rawResults } from './raw-results.js';

const FOLDER = 'tmp';
const REPORT = join(FOLDER, 'loadtest_report.md');
const SEED = 1;

export interface OwnLevels {
  readonly levels: readonly number[];
  readonly durationUs: number;
  readonly corpus: Corpus;
}

/** The seeds' load test by our own driver: raw results a level, and one table. @returns the exit code */
export async function runOwnLevels(
  { levels, durationUs, corpus }: OwnLevels,
  { targets, down }: Targets,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const startedAt = new Date();
  const rows: LoadTestRow[] = [];
  const images = `${corpus.images.length} distinct ${corpus.name} JPEG files`;
  await mkdir(FOLDER, { recursive: true });
  for (const target of targets) {
    for (const concurrency of levels) {
      if (signal.aborted) break;
      const row = await testLevel(target, concurrency, durationUs, corpus, terminal, signal);
      if (row !== null) rows.push(row);
      await writeFile(
        REPORT,
        loadTestReport({ startedAt, durationS: durationUs / US_PER_S, images, down }, rows),
      );
    }
  }
  terminal.out(`report: ${REPORT}`);
  return signal.aborted ? EXIT.interrupted : EXIT.ok;
}

async function testLevel(
  { name, url, adapter }: RunningForm,
  concurrency: number,
  durationUs: number,
  corpus: Corpus,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<LoadTestRow | null> {
  const base = join(FOLDER, `loadtest_${name.replace('/', '-')}_c${concurrency}`);
  const recordsPath = `${base}.ndjson`;
  const imagePaths = corpus.images.map(({ path }) => path);
  const level = { name, url, adapter, imagePaths, concurrency, durationUs, seed: SEED, recordsPath };
  try {
    const measured = await measureLevel(level, signal);
    if (measured === null) return null;
    await writeFile(`${base}.txt`, rawResults(`${name}, concurrency ${concurrency}`, measured.records));
    const row = { service: name, concurrency, point: measured.point };
    terminal.err(tableRow(row));
    return row;
  } finally {
    await rm(recordsPath, { force: true });
  }
}
