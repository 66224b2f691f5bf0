import { expect, it } from 'vitest';
import { figureLines, figureWords, withProgress } from './figures.js';
import { textOf } from './line.js';

const progress = {
  phase: 'measured' as const,
  elapsedUs: 4_200_000,
  totalUs: 11_000_000,
  sent: 500,
  done: 492,
  errors: 0,
  inFlight: 8,
  ratePerS: 118.4,
  latencyUs: { p50: 6400, p95: 20_000, p99: 41_200 },
};

it('shows how far a load is, its rate and the course of it, latency, and what became of the requests', () => {
  expect(figureLines({ progress, course: [0, 59.2, 118.4] }, 80).map(textOf)).toEqual([
    `measured  ${'█'.repeat(11)}${'░'.repeat(17)}  38 %   0:07 left`,
    'rate      118 req/s     ▁▅█',
    'latency   p50 6.4   p95 20   p99 41 ms',
    'requests  492 done   8 in flight   0 errors',
  ]);
});

it('says errors in red and in words, and that there is no answer yet', () => {
  const lines = figureLines({ progress: { ...progress, errors: 3, latencyUs: null }, course: [] }, 80);
  expect(lines.flat()).toContainEqual({ text: '3 errors', tone: 'bad' });
  expect(lines.map(textOf)[2]).toBe('latency   no answer yet');
});

it('remembers as much of the rate as it shows', () => {
  let figures = withProgress(null, { ...progress, ratePerS: 0 });
  for (let tick = 1; tick <= 50; tick++) figures = withProgress(figures, { ...progress, ratePerS: tick });
  expect(figures.course).toHaveLength(40);
  expect(figures.course.at(-1)).toBe(50);
});

it('has one line for a log', () => {
  expect(figureWords(progress)).toBe(
    'measured  118 req/s  p50 6.4 p95 20 p99 41 ms  8 in flight  0 errors  0:07 left',
  );
});
