import { environmentError, US_PER_S } from '@servelab/core';
import { csvNumber, csvRow, separatorOf } from '../csv/parse-csv.js';

/** Arrivals as they were recorded. */
export interface ArrivalTrace {
  /** Microseconds from the first arrival, ascending. */
  readonly momentsUs: Float64Array;
  /** From the first arrival to one mean gap after the last, so that arrivals over duration is the mean rate. */
  readonly durationUs: number;
  readonly meanRps: number;
}

/**
 * Reads a trace: one moment in seconds a line; CSV (commas, semicolons or tabs) with a header, from which `column` is taken; or the
 * records.ndjson of an earlier load, of which the scheduled moments of the measured part are taken. Empty lines and
 * those that begin with # are left out. Order and zero of the moments do not matter: they are sorted, and counted
 * from the first.
 *
 * @param name of the file, for the errors
 * @throws UserError (exit code 3) that names the line
 */
export function parseTrace(text: string, name: string, column: string | null): ArrivalTrace {
  const lines = text
    .split(/\r?\n/)
    .map((line, index) => ({ line: line.trim(), number: index + 1 }))
    .filter(({ line }) => line !== '' && !line.startsWith('#'));
  const records = lines[0]?.line.startsWith('{') === true;
  const momentsUs = records ? recordMoments(lines, name) : columnMoments(lines, name, column);
  const sortedUs = Float64Array.from(momentsUs).sort();
  const firstUs = sortedUs[0] ?? 0;
  const lengthUs = (sortedUs.at(-1) ?? 0) - firstUs;
  if (!(lengthUs > 0)) {
    throw environmentError(
      `${name} has no two arrivals at different moments`,
      'Give a trace with at least two.',
    );
  }
  const count = sortedUs.length;
  const durationUs = Math.ceil((lengthUs * count) / (count - 1));
  return {
    momentsUs: sortedUs.map((us) => us - firstUs),
    durationUs,
    meanRps: (count / durationUs) * US_PER_S,
  };
}

interface Line {
  readonly line: string;
  readonly number: number;
}

function recordMoments(lines: readonly Line[], name: string): number[] {
  return lines.flatMap(({ line, number }) => {
    const record = parseJson(line, name, number);
    if (record.phase === 'warmup') return [];
    if (typeof record.scheduled !== 'number') throw damaged(name, number, 'has no scheduled moment');
    return [record.scheduled];
  });
}

function parseJson(line: string, name: string, number: number): { phase?: unknown; scheduled?: unknown } {
  try {
    return JSON.parse(line) as { phase?: unknown; scheduled?: unknown };
  } catch (error) {
    throw damaged(name, number, 'is not valid JSON', error);
  }
}

function columnMoments(lines: readonly Line[], name: string, column: string | null): number[] {
  const [head, ...rest] = lines;
  if (head === undefined) throw environmentError(`${name} is empty`, 'Give one moment in seconds a line.');
  const separator = separatorOf(head.line);
  const cells = (line: string) => csvRow(line, separator).map((cell) => cell.trim());
  const names = cells(head.line);
  const headed = !names.every(isNumber);
  const position = column === null ? onlyColumn(names, name) : names.indexOf(column);
  if (position < 0) {
    throw environmentError(`${name} has no column "${column}"`, `Its first line has: ${names.join(', ')}.`);
  }
  return (headed ? rest : lines).map(({ line, number }) => {
    const cell = cells(line)[position] ?? '';
    if (!isNumber(cell)) throw damaged(name, number, `has "${cell}", which is not a time in seconds`);
    return (csvNumber(cell) ?? 0) * US_PER_S;
  });
}

function onlyColumn(names: readonly string[], name: string): number {
  if (names.length === 1) return 0;
  throw environmentError(
    `${name} has ${names.length} columns`,
    `Name the one with the moments in seconds: --replay-column ${names[0]}.`,
  );
}

const isNumber = (text: string): boolean => csvNumber(text) !== null;

const damaged = (name: string, line: number, what: string, cause?: unknown) =>
  environmentError(`line ${line} of ${name} ${what}`, 'Correct the line, or leave it out.', cause);
