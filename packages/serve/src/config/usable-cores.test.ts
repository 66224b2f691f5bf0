import { describe, expect, it } from 'vitest';
import { usableCores } from './usable-cores.js';

const withQuota = (cpuMax: string) => (path: string) =>
  ({ '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.max': `${cpuMax}\n` })[path] ?? null;

describe('usableCores', () => {
  it.each<[name: string, affinity: number, cpuMax: string, cores: number]>([
    ['no quota', 4, 'max 100000', 4],
    ['a quota of 2.5 cores, rounded down', 8, '250000 100000', 2],
    ['a quota of half a core: still one worker', 8, '50000 100000', 1],
    ['a quota above the affinity, which does not bind', 2, '800000 100000', 2],
  ])('%s', (_name, affinity, cpuMax, cores) => {
    expect(usableCores(affinity, withQuota(cpuMax))).toBe(cores);
  });

  it('reads this machine without failing', () => {
    expect(usableCores()).toBeGreaterThanOrEqual(1);
  });
});
