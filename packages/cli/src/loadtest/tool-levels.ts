import { join } from 'node:path';
import { EXIT, hideCredentials, US_PER_S, usageError } from '@servelab/core';
import {
  type Corpus,
  importedSummary,
  importReport,
  type LoadTool,
  type RunningForm,
  readLoads,
  runTool,
  type ToolLoad,
  writeImported,
} from '@servelab/lab';
import type { Terminal } from '../command.js';
import type { Targets } from './find-targets.js';

const FOLDER = 'tmp';
const WARMUP_S = 1;

export interface ToolLevels {
  readonly tool: LoadTool;
  /** Users of closed loops; none where there are rates. */
  readonly levels: readonly number[];
  /** Of open loops. */
  readonly rates: readonly number[];
  readonly durationUs: number;
  readonly corpus: Corpus;
  /** Locust's page instead of the levels. */
  readonly ui: boolean;
  /** Value of the header; null where none is sent. */
  readonly authorization: string | null;
}

/** Sends Locust or k6 through the levels and imports what they have written. @returns the exit code */
export async function runToolLevels(
  { tool, levels, rates, durationUs, corpus, ui, authorization }: ToolLevels,
  { targets }: Targets,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const files: string[] = [];
  let crossed = false;
  const measuredS = Math.max(1, Math.round(durationUs / US_PER_S));
  const shapes = ui ? [{ users: 1, rateRps: null }] : shapesOf(levels, rates);
  for (const target of ui ? targets.slice(0, 1) : targets) {
    for (const shape of shapes) {
      if (signal.aborted) break;
      const load = {
        ...shape,
        ...loadOn(target, tool, shape, corpus),
        authorization,
        warmupS: ui ? 0 : WARMUP_S,
        measuredS,
      };
      terminal.err(
        ui
          ? `Locust for ${target.name}: http://127.0.0.1:8089, until Ctrl-C`
          : `${tool.name} on ${target.name}: ${shapeWords(shape)} for ${measuredS} s`,
      );
      const run = await runTool(tool, load, { signal, attended: ui });
      if (run === null) continue;
      files.push(...run.files);
      crossed ||= run.crossed;
    }
  }
  if (files.length === 0) return EXIT.interrupted;
  await showImported(files, tool, terminal);
  if (signal.aborted && !ui) return EXIT.interrupted;
  if (!crossed) return EXIT.ok;
  terminal.err(`${tool.name} says that a threshold was crossed: P95_MS and ERROR_RATE set them`);
  return EXIT.thresholdFailed;
}

async function showImported(files: readonly string[], tool: LoadTool, terminal: Terminal): Promise<void> {
  const imported = importReport(await readLoads(files, { users: null, rateRps: null }));
  const folder = join(FOLDER, `${tool.name}_report`);
  await writeImported(imported, folder);
  terminal.out(importedSummary(imported));
  terminal.out(`results: ${files.join(' ')}`);
  terminal.out(`verdict: ${imported.report.verdict.sentence}\nreport: ${join(folder, 'report.html')}`);
}

type Shape = Pick<ToolLoad, 'users' | 'rateRps'>;

const shapesOf = (levels: readonly number[], rates: readonly number[]): Shape[] => [
  ...levels.map((users) => ({ users, rateRps: null })),
  ...rates.map((rateRps) => ({ users: null, rateRps })),
];

const shapeWords = ({ users, rateRps }: Shape): string =>
  rateRps === null ? `${users} at a time` : `${rateRps} req/s`;

function loadOn(
  { name, url, adapter }: RunningForm,
  tool: LoadTool,
  { users, rateRps }: Shape,
  corpus: Corpus,
): Omit<ToolLoad, 'authorization' | 'warmupS' | 'measuredS' | 'users' | 'rateRps'> {
  if (adapter.body !== 'multipart') throw new Error(`${name} takes no form`);
  const shape = rateRps === null ? `c${users}` : `r${rateRps}`;
  return {
    stack: name,
    baseUrl: baseOf(url),
    field: adapter.field ?? 'file',
    imageFolder: corpus.folder,
    prefix: join(FOLDER, `${tool.name}_${name.replace(/[^\w.-]+/g, '-')}_${shape}`),
  };
}

/** @throws UserError (exit code 2) for an address that is none */
export function baseOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  const path = parsed?.pathname.replace(/^\/(?:predict\/?)?$/, '') ?? '';
  if (parsed !== null && /^https?:$/.test(parsed.protocol) && path === '') return parsed.origin;
  throw usageError(
    `"${hideCredentials(url)}" is not the address of a server`,
    'Write it like http://127.0.0.1:8080: images go to /predict there. For other paths use "servelab load URL".',
  );
}
