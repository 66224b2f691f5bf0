import { expect, it } from 'vitest';
import { loadsOf } from './calibrate.js';

it('takes open rates as fractions of the slowest capacity, to three digits, and adds those given outright', () => {
  const workload = { levels: [1, 8], rateFractions: [0.3, 0.8], ratesRps: [20] };
  expect(loadsOf(workload, 103.77, 'poisson')).toEqual([
    { mode: 'closed', concurrency: 1 },
    { mode: 'closed', concurrency: 8 },
    { mode: 'open', rate_rps: 31.1, arrivals: 'poisson' },
    { mode: 'open', rate_rps: 83, arrivals: 'poisson' },
    { mode: 'open', rate_rps: 20, arrivals: 'poisson' },
  ]);
});

it('has closed levels only where nothing was calibrated', () => {
  expect(loadsOf({ levels: [8], rateFractions: [0.8], ratesRps: [] }, null, 'constant')).toEqual([
    { mode: 'closed', concurrency: 8 },
  ]);
});
