import { expect, it } from 'vitest';
import { RunWindow } from './run-window.js';
import { isSteady, type TimedAnswer } from './warm-up.js';

const MS = 1000;
const SPAN_MS = 500;

/** An answer every 50 ms for a second, each after as many milliseconds as is said of its moment. */
const answers = (serviceMs: (atMs: number) => number, everyMs = 50): TimedAnswer[] =>
  Array.from({ length: 1000 / everyMs }, (_, i) => (i + 1) * everyMs).map((atMs) => ({
    doneUs: atMs * MS,
    serviceUs: serviceMs(atMs) * MS,
  }));
const steady = (given: readonly TimedAnswer[]) => isSteady(given, 1000 * MS, SPAN_MS * MS);

it.each<[name: string, serviceMs: (atMs: number) => number, expected: boolean]>([
  ['equal answers', () => 10, true],
  ['answers 5 % faster than before', (atMs) => (atMs <= SPAN_MS ? 10 : 9.5), true],
  ['answers 20 % faster than before', (atMs) => (atMs <= SPAN_MS ? 10 : 8), false],
  ['answers that become slower', (atMs) => 10 + atMs / 100, true],
  ['a queue by chance before, none afterwards', (atMs) => (atMs <= SPAN_MS && atMs > 100 ? 40 : 10), true],
])('%s: steady is %s', (_name, serviceMs, expected) => {
  expect(steady(answers(serviceMs))).toBe(expected);
});

it('is not steady before a dozen answers, nor when no more come', () => {
  expect(steady(answers(() => 10, 100))).toBe(false);
  expect(steady(answers(() => 10, 20).filter(({ doneUs }) => doneUs < SPAN_MS * MS))).toBe(false);
});

it('a warm-up grows by half its length, to its longest and no further', () => {
  const window = new RunWindow(7, { warmupUs: 1000, warmupMaxUs: 2000, durationUs: 5000 });
  expect([window.lengthen(), window.lengthen(), window.lengthen()]).toEqual([true, true, false]);
  expect([window.warmupUs, window.measuredFromUs, window.endUs]).toEqual([2000, 2007, 7007]);
  expect(new RunWindow(7, { warmupUs: 1000, durationUs: 5000 }).lengthen()).toBe(false);
});
