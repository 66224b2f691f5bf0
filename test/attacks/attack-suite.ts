import { seededRandom } from '@servelab/core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Attack, attacked } from './attack.js';
import { HAS_PROC } from './victim/proc.js';
import { Victim, type VictimOptions } from './victim/victim.js';

interface Suite {
  readonly attacks: readonly Attack[];
  readonly victim?: VictimOptions;
  /** Most processor time that the event loop may spend on one attack; see `mainThreadCpuS`. */
  readonly mostCpuS?: number;
}

/** One server for all attacks; one that did not withstand is replaced, so that the next attack is judged by itself. */
export function attackSuite(title: string, { attacks, victim: options, mostCpuS }: Suite): void {
  let victim: Victim;
  let isWell = true;
  beforeAll(async () => {
    victim = await Victim.start(options);
  });
  beforeEach(async () => {
    if (isWell) return;
    await victim.stop();
    victim = await Victim.start(options);
  });
  afterAll(() => victim.stop());

  describe(title, () => {
    it.each(attacks.map((attack) => [attack.name, attack] as const))('%s', async (name, attack) => {
      const cpuBeforeS = HAS_PROC ? victim.eventLoopCpuS : 0;
      isWell = false;
      expect(await attacked(victim, attack, seededRandom(1, name))).toEqual([]);
      isWell = true;
      if (HAS_PROC && mostCpuS !== undefined) {
        expect(victim.eventLoopCpuS - cpuBeforeS, 'seconds of the event loop').toBeLessThan(mostCpuS);
      }
    });
  });
}
