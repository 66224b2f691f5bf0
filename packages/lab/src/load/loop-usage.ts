import { type EventLoopUtilization, performance } from 'node:perf_hooks';
import { US_PER_S, usToMs } from '@servelab/core';

/** How busy this process's event loop and CPU were since the object was made. */
export class LoopUsage {
  private readonly loop: EventLoopUtilization = performance.eventLoopUtilization();
  private readonly cpu = process.cpuUsage();

  /** @param spunUs time in a busy wait, which counts as idle */
  read(spunUs: number): { utilisation: number; cpuS: number } {
    const { active, idle } = performance.eventLoopUtilization(this.loop);
    const { user, system } = process.cpuUsage(this.cpu);
    const busyMs = Math.max(0, active - usToMs(spunUs));
    return { utilisation: busyMs / Math.max(active + idle, 1e-3), cpuS: (user + system) / US_PER_S };
  }
}
