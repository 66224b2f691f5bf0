import { expect, it } from 'vitest';
import { liveLine } from './live-line.js';

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

it('shows rate, its course, what is in flight, latency and the time left', () => {
  expect(liveLine(progress, [0, 59, 118])).toBe(
    'measured  118 req/s  ▁▅█  in flight 8  p50 6.4 p99 41 ms  7 s left',
  );
});

it('shows errors when there are any, and no latency before the first answer', () => {
  const line = liveLine({ ...progress, phase: 'warmup', errors: 3, latencyUs: null }, [0, 0]);
  expect(line).toBe('warmup    118 req/s  in flight 8  errors 3  7 s left');
});
