import { expect, it } from 'vitest';
import { interpolateCpu } from './server-watch.js';

const samples = [
  { atUs: 1000, usage: { cpuS: 1, rssMb: 0 } },
  { atUs: 3000, usage: { cpuS: 2, rssMb: 0 } },
  { atUs: 4000, usage: { cpuS: 4, rssMb: 0 } },
];

it.each([
  ['before the first', 0, 1],
  ['at the first', 1000, 1],
  ['between two', 2000, 1.5],
  ['between the last two', 3250, 2.5],
  ['after the last', 9000, 4],
])('CPU time %s sample', (_name, atUs, cpuS) => {
  expect(interpolateCpu(samples, atUs)).toBe(cpuS);
});

it('is null without samples', () => {
  expect(interpolateCpu([], 5)).toBeNull();
});
