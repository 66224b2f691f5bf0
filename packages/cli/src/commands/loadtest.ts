import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  EXIT,
  environmentError,
  type OptionTable,
  parseDurationUs,
  US_PER_S,
  usageError,
} from '@servelab/core';
import {
  addressOf,
  type Corpus,
  KNOWN_PORTS,
  type KnownPort,
  measureLevel,
  type RunningForm,
  type RunningStack,
  runningForm,
  StackFailure,
  startServelab,
} from '@servelab/lab';
import { obtainImages } from '../bench/obtain-images.js';
import { obtainModel } from '../bench/obtain-model.js';
import { defineCommand, type Terminal } from '../command.js';
import { type LoadTestRow, loadTestReport, tableRow } from '../loadtest/loadtest-report.js';
import { rawResults } from '../loadtest/raw-results.js';
import { serveCommand } from '../serve-command.js';

const FOLDER = 'tmp';
const REPORT = join(FOLDER, 'loadtest_report.md');
const SEED = 1;

const OPTIONS = {
  durationPerLevel: {
    type: 'string',
    default: '10s',
    placeholder: 'TIME',
    doc: 'Measured part of each level.',
  },
  concurrencyLevels: { type: 'list', default: ['1', '5', '10', '20'], doc: 'Closed-loop concurrencies.' },
  stacks: {
    type: 'list',
    default: null,
    doc: 'Stacks to test at their ports (default: those that answer, or servelab, started for it, if none does).',
  },
} as const satisfies OptionTable;

export const loadtest = defineCommand({
  positionals: '',
  options: OPTIONS,
  configSection: 'loadtest',
  async run({ options, terminal, signal }) {
    const durationUs = parseDurationUs(options.durationPerLevel);
    const levels = options.concurrencyLevels.map(requireLevel);
    const asked = options.stacks === null ? KNOWN_PORTS : options.stacks.map(requireKnown);
    const startedAt = new Date();
    const found = await Promise.all(asked.map((known) => runningForm(known.name, addressOf(known))));
    const up = found.filter((form) => form !== null);
    const down = asked
      .filter((_, index) => found[index] === null)
      .map(({ name, port }) => `${name} (port ${port})`);
    if (down.length > 0) terminal.err(`not running: ${down.join(', ')}`);
    const corpus = await obtainImages('224', SEED, terminal);
    const own = up.length === 0 ? await startOwn(asked, terminal, signal) : null;
    const targets: readonly RunningForm[] =
      own === null ? up : [{ name: 'servelab', url: own.predictUrl, adapter: { body: 'multipart' } }];
    const rows: LoadTestRow[] = [];
    const writeReport = async () => {
      const images = `${corpus.images.length} distinct ${corpus.name} JPEG files`;
      await writeFile(
        REPORT,
        loadTestReport({ startedAt, durationS: durationUs / US_PER_S, images, down }, rows),
      );
    };
    try {
      await mkdir(FOLDER, { recursive: true });
      for (const target of targets) {
        for (const concurrency of levels) {
          if (signal.aborted) break;
          const row = await testLevel(target, concurrency, durationUs, corpus, terminal, signal);
          if (row !== null) rows.push(row);
          await writeReport();
        }
      }
    } finally {
      await own?.stop();
    }
    terminal.out(`report: ${REPORT}`);
    return signal.aborted ? EXIT.interrupted : EXIT.ok;
  },
});

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
  const level = {
    name,
    url,
    adapter,
    imagePaths,
    concurrency,
    durationUs,
    seed: SEED,
    recordsPath,
  };
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

/** Nothing answers at its port: the test starts our own server, as the quickest way to see something. */
async function startOwn(
  asked: readonly KnownPort[],
  terminal: Terminal,
  signal: AbortSignal,
): Promise<RunningStack> {
  if (!asked.some(({ name }) => name === 'servelab')) {
    throw environmentError(
      `none of ${asked.map(({ name, port }) => `${name} (port ${port})`).join(', ')} answers`,
      'Start them first, or leave STACKS out to test servelab.',
    );
  }
  terminal.err('starting servelab');
  const { identity } = await obtainModel(new Set(['f32']), terminal, signal);
  try {
    return await startServelab(serveCommand(), identity.synthetic ? ['--synthetic-weights'] : [], signal);
  } catch (error) {
    if (!(error instanceof StackFailure)) throw error;
    throw environmentError(`${error.message}: ${error.logTail.trim()}`, 'Run "servelab doctor".', error);
  }
}

function requireKnown(name: string): KnownPort {
  const known = KNOWN_PORTS.find((candidate) => candidate.name === name);
  if (known !== undefined) return known;
  throw usageError(
    `--stacks names "${name}", which has no port of its own`,
    `Use ${KNOWN_PORTS.map((candidate) => candidate.name).join(', ')}; for another address use "servelab load URL".`,
  );
}

function requireLevel(text: string): number {
  const level = Number(text);
  if (Number.isInteger(level) && level > 0) return level;
  throw usageError(`--concurrency-levels has "${text}"`, 'Give whole numbers above 0, such as "1 5 10 20".');
}
