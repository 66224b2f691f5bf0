import type { Point, Stat } from '@servelab/core';

/** What a request goes through, one after the other. */
const WORDS = {
  lag: ['  lag', 'the client was late'],
  wait: ['  wait', 'no connection was free'],
  connect: ['  connect', 'its connection was being opened'],
  first_byte: ['  first byte', 'from the send to the first byte of the answer'],
  body: ['  body', 'to the last byte'],
} as const satisfies Record<keyof NonNullable<Point['phases_ms']>, readonly [name: string, meaning: string]>;

/**
 * One row a phase, its figures under the heads of the latencies: mean, p50 and, three columns on, p99.
 *
 * @param width of a column
 */
export function phaseRows(phases: Point['phases_ms'], width: number): [name: string, value: string][] {
  if (phases === undefined) return [];
  return Object.entries(WORDS).map(([phase, [name, meaning]]) => {
    const { mean, p50, p99 } = phases[phase as keyof typeof phases];
    const figures = [figure(mean), figure(p50), '', '', figure(p99), '', ''];
    return [name, `${figures.map((text) => text.padStart(width)).join('')}  ${meaning}`];
  });
}

/** Most phases are shorter than a millisecond. */
const figure = ({ value }: Stat): string => (value === null ? '-' : value.toFixed(value < 10 ? 3 : 2));
