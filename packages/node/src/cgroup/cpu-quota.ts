import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Reads a small file; null where it does not exist. A parameter, so that tests need no cgroup. */
export type ReadText = (path: string) => string | null;

/**
 * CPU quota in cores; null where there is none. Version 2 keeps it in `cpu.max` ("150000 100000" or
 * "max 100000") of every group on the way up, and the smallest binds; version 1 in two files.
 */
export function cgroupCpuQuota(readText: ReadText = readTextFile): number | null {
  const quotas: number[] = [];
  for (const line of (readText('/proc/self/cgroup') ?? '').split('\n')) {
    const [, controllers, group] = line.split(':');
    if (controllers === undefined || group === undefined) continue;
    const version2 = controllers === '';
    if (!version2 && !controllers.split(',').includes('cpu')) continue;
    for (const directory of withParents(group)) {
      const quota = version2
        ? quotaVersion2(readText(join('/sys/fs/cgroup', directory, 'cpu.max')))
        : quotaVersion1((name) => readText(join('/sys/fs/cgroup/cpu', directory, name)));
      if (quota !== null) quotas.push(quota);
    }
  }
  return quotas.length === 0 ? null : Math.min(...quotas);
}

/** `/a/b` -> `/a/b`, `/a`, `/`. In a container the group's own files are mounted at the root. */
function withParents(group: string): string[] {
  const parts = group.split('/').filter((part) => part !== '' && part !== '..');
  return Array.from(
    { length: parts.length + 1 },
    (_, dropped) => `/${parts.slice(0, parts.length - dropped).join('/')}`,
  );
}

function quotaVersion2(text: string | null): number | null {
  const [quotaUs, periodUs] = (text ?? '').trim().split(' ').map(Number);
  return ratio(quotaUs, periodUs);
}

function quotaVersion1(read: (name: string) => string | null): number | null {
  return ratio(
    Number(read('cpu.cfs_quota_us') ?? Number.NaN),
    Number(read('cpu.cfs_period_us') ?? Number.NaN),
  );
}

/** "max" reads as NaN and "-1" as negative: both mean no quota. */
function ratio(quotaUs = Number.NaN, periodUs = Number.NaN): number | null {
  return quotaUs > 0 && periodUs > 0 ? quotaUs / periodUs : null;
}

function readTextFile(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
