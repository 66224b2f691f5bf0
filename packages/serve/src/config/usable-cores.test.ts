import { describe, expect, it } from 'vitest';
import { cgroupCpuQuota, usableCores } from './usable-cores.js';

const files = (texts: Record<string, string>) => (path: string) => texts[path] ?? null;

describe('usableCores', () => {
  it.each<[name: string, affinity: number, texts: Record<string, string>, cores: number]>([
    ['no cgroup at all', 4, {}, 4],
    [
      'version 2 without a quota',
      4,
      { '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.max': 'max 100000\n' },
      4,
    ],
    [
      'version 2 with 2.5 cores, rounded down',
      8,
      { '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.max': '250000 100000\n' },
      2,
    ],
    [
      'the smallest quota on the way up',
      8,
      {
        '/proc/self/cgroup': '0::/kubepods/pod7\n',
        '/sys/fs/cgroup/kubepods/pod7/cpu.max': '600000 100000\n',
        '/sys/fs/cgroup/kubepods/cpu.max': '300000 100000\n',
      },
      3,
    ],
    [
      'half a core is still one worker',
      8,
      { '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.max': '50000 100000\n' },
      1,
    ],
    [
      'a quota above the affinity does not bind',
      2,
      { '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.max': '800000 100000\n' },
      2,
    ],
    [
      'version 1 in a container, where the group is mounted at the root',
      8,
      {
        '/proc/self/cgroup': '5:memory:/docker/1\n4:cpu,cpuacct:/docker/1\n',
        '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '400000\n',
        '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
      },
      4,
    ],
    [
      'version 1 without a quota',
      8,
      {
        '/proc/self/cgroup': '4:cpu,cpuacct:/\n',
        '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n',
        '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
      },
      8,
    ],
  ])('%s', (_name, affinity, texts, cores) => {
    expect(usableCores(affinity, files(texts))).toBe(cores);
  });

  it('reads this machine without failing', () => {
    expect(usableCores()).toBeGreaterThanOrEqual(1);
    const quota = cgroupCpuQuota();
    expect(quota === null || quota > 0).toBe(true);
  });
});
