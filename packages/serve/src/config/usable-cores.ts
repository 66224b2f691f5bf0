import { availableParallelism } from 'node:os';
import { cgroupCpuQuota, type ReadText } from '@servelab/node';

/**
 * Cores that this process may really use: its affinity (which Node reads) and the CPU quota of its cgroup
 * (which Node does not), at least 1. A quota of 1.5 cores gives 1: a second worker would only be throttled.
 */
export function usableCores(affinity = availableParallelism(), readText?: ReadText): number {
  const quota = cgroupCpuQuota(readText);
  return Math.max(1, Math.floor(Math.min(affinity, quota ?? affinity)));
}
