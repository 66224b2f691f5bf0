import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { arch, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { promisify } from 'node:util';
import { cgroupCpuQuota } from '@servelab/node';
import type { CorePlan } from './cpu-list.js';

const execute = promisify(execFile);

/** CPU flags that decide the speed of int8 and f32 inference. */
const FLAGS_THAT_MATTER = ['avx2', 'avx512f', 'avx512_vnni', 'avx_vnni', 'amx_int8', 'asimddp', 'i8mm'];

/** Everything about machine and software that a figure depends on; goes into `run.json`. */
export interface Fingerprint extends Record<string, unknown> {
  cpu_model: string;
  cpu_flags: string[];
  cpu_count: number;
  /** Cores that the control groups allow; null without a limit. */
  cpu_quota: number | null;
  memory_gib: number;
  kernel: string;
  node: string;
  commit: string | null;
  dirty: boolean | null;
  load_average_1min: number;
  server_cores: readonly number[] | null;
  client_cores: readonly number[] | null;
}

/** @param checkout folder whose git commit is recorded; null for an installed package, which has none */
export async function takeFingerprint(checkout: string | null, cores: CorePlan): Promise<Fingerprint> {
  const [flags, commit, changes] = await Promise.all([
    cpuFlags(),
    git(checkout, ['rev-parse', 'HEAD']),
    git(checkout, ['status', '--porcelain']),
  ]);
  return {
    cpu_model: cpus()[0]?.model.trim() ?? 'unknown',
    cpu_flags: flags,
    cpu_count: cpus().length,
    cpu_quota: cgroupCpuQuota(),
    memory_gib: Math.round((totalmem() / 2 ** 30) * 10) / 10,
    kernel: `${platform()} ${release()} ${arch()}`,
    node: process.version,
    commit,
    dirty: changes === null ? null : changes !== '',
    load_average_1min: Math.round((loadavg()[0] ?? 0) * 100) / 100,
    server_cores: cores.pinned ? cores.server : null,
    client_cores: cores.pinned ? cores.client : null,
  };
}

/** Alike for two runs that were asked for the same; where a run is left and how its end is told do not belong to it. */
export function configSha256({ out, strict, json, ...asked }: Record<string, unknown>): string {
  return createHash('sha256').update(JSON.stringify(asked)).digest('hex');
}

async function cpuFlags(): Promise<string[]> {
  const cpuinfo = await readFile('/proc/cpuinfo', 'utf8').catch(() => '');
  const present = new Set(/^(?:flags|Features)[\t ]*: (\S.*)$/m.exec(cpuinfo)?.[1]?.split(' '));
  return FLAGS_THAT_MATTER.filter((flag) => present.has(flag));
}

async function git(checkout: string | null, args: string[]): Promise<string | null> {
  if (checkout === null) return null;
  try {
    return (await execute('git', ['-C', checkout, ...args])).stdout.trim();
  } catch {
    return null; // no git, or not a checkout
  }
}
