import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RunWindow } from './run-window.js';
import { isSteady, type TimedAnswer, WarmUp } from './warm-up.js';

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

describe('a warm-up', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
  afterEach(() => void vi.useRealTimers());

  /** A request every 10 ms, answered as fast as is said of its moment, for a second of one to two. */
  function run(serviceMs: (atMs: number) => number, { heldUpMs = 0 } = {}) {
    let lateMs = 0;
    const clock = () => (performance.now() + lateMs) * MS;
    const window = new RunWindow(clock(), {
      warmupUs: 1000 * MS,
      warmupMaxUs: 2000 * MS,
      durationUs: 5000 * MS,
    });
    const startMs = performance.now();
    const lengthened: number[] = [];
    let endedMs: number | undefined;
    const sinceStartMs = () => performance.now() - startMs;
    const warmUp = new WarmUp(window, clock, {
      answers: () =>
        Array.from({ length: Math.floor(sinceStartMs() / 10) }, (_, n) => 10 * n).map((atMs) => ({
          doneUs: (startMs + atMs) * MS,
          serviceUs: serviceMs(atMs) * MS,
        })),
      onLengthened: () => lengthened.push(window.warmupUs / MS),
      onEnd: () => {
        endedMs = sinceStartMs();
      },
    });
    lateMs = heldUpMs;
    return { warmUp, lengthened, ended: () => endedMs };
  }

  it('goes on while answers become faster, and ends when they no longer do, before it is as long as it may be', () => {
    const { warmUp, lengthened, ended } = run((atMs) => Math.max(10, 60 - atMs / 20));
    vi.advanceTimersByTime(3000);
    expect(lengthened).toEqual([1500, 2000]);
    expect(warmUp.steady).toBe(true);
    expect(ended()).toBeLessThan(2000);
  });

  it('ends at once where answers are steady', () => {
    const { warmUp, lengthened } = run(() => 10);
    vi.advanceTimersByTime(1000);
    expect({ lengthened, steady: warmUp.steady }).toEqual({ lengthened: [], steady: true });
  });

  it('ends at its longest though answers still become faster, and says so', () => {
    const { warmUp, lengthened } = run((atMs) => 3000 - atMs);
    vi.advanceTimersByTime(3000);
    expect({ lengthened, steady: warmUp.steady }).toEqual({ lengthened: [1500, 2000], steady: false });
  });

  it('has ended where this process was held up until the measured part had begun', () => {
    const { warmUp, lengthened } = run((atMs) => 3000 - atMs, { heldUpMs: 500 });
    vi.advanceTimersByTime(1000);
    expect({ lengthened, steady: warmUp.steady }).toEqual({ lengthened: [], steady: false });
  });
});
