import { describe, expect, it } from 'vitest';
import { cgroupCpuQuota } from './cpu-quota.js';

const files = (texts: Record<string, string>) => (path: string) => texts[path] ?? null;

describe('cgroupCpuQuota', () => {
  it.each<[name: string, texts: Record<string, string>, cores: number | null]>([
    ['no cgroup at all', {}, null],
    [
      'version 2 without a quota',
      { '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.max': 'max 100000\n' },
      null,
    ],
    ['version 2', { '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.max': '250000 100000\n' }, 2.5],
    [
      'version 2, nested: the smallest quota on the way up',
      {
        '/proc/self/cgroup': '0::/kubepods/pod7\n',
        '/sys/fs/cgroup/kubepods/pod7/cpu.max': '600000 100000\n',
        '/sys/fs/cgroup/kubepods/cpu.max': '300000 100000\n',
      },
      3,
    ],
    [
      'version 1 in a container, where the group is mounted at the root',
      {
        '/proc/self/cgroup': '5:memory:/docker/1\n4:cpu,cpuacct:/docker/1\n',
        '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '400000\n',
        '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
      },
      4,
    ],
    [
      'version 1 without a quota',
      {
        '/proc/self/cgroup': '4:cpu,cpuacct:/\n',
        '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n',
        '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
      },
      null,
    ],
  ])('%s', (_name, texts, cores) => {
    expect(cgroupCpuQuota(files(texts))).toBe(cores);
  });

  it('reads this machine without failing', () => {
    const quota = cgroupCpuQuota();
    expect(quota === null || quota > 0).toBe(true);
  });
});
