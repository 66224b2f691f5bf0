import { seededRandom } from '@servelab/core';
import { afterEach, expect, it } from 'vitest';
import { attacked } from './attack.js';
import { MIXTURE } from './http/mixture.js';
import { createMemoryGroup, type MemoryGroup } from './victim/memory-group.js';
import { until } from './victim/until.js';
import { MEMORY_LIMIT_MIB, Victim } from './victim/victim.js';

const ROUNDS = 3;

let victim: Victim | undefined;
let group: MemoryGroup | undefined;
afterEach(async () => {
  await victim?.stop();
  const { remove } = group ?? {};
  // The workers end a moment after the process that they belong to, and the kernel counts them until then.
  if (remove !== undefined) await until(() => succeeds(remove), 10_000);
  victim = undefined;
  group = undefined;
});

it('with no more memory than its container may use, a server withstands attacks of every kind at once', async (context) => {
  const made = createMemoryGroup(MEMORY_LIMIT_MIB);
  if (typeof made === 'string') return context.skip(made);
  group = made;
  victim = await Victim.start({ under: group.under });
  for (let round = 1; round <= ROUNDS; round++) {
    expect(await attacked(victim, MIXTURE, seededRandom(round, 'mixture'))).toEqual([]);
    expect(group.killed(), 'processes ended by the kernel').toBe(0);
  }
  console.log(`attacks of every kind at once: ${group.peakMib()?.toFixed(0) ?? '?'} MiB at the peak`);
});

function succeeds(what: () => void): boolean {
  try {
    what();
    return true;
  } catch {
    return false;
  }
}
