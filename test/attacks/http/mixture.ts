import { shuffled } from '@servelab/core';
import { type Attack, NO_ROOM } from '../attack.js';
import { ATTACKS } from './all-attacks.js';

const OF_EACH = { connections: 5, bodies: 4, images: 1 } as const;

/** Some of every kind at once; which, the seed decides. */
export const MIXTURE: Attack = {
  name: 'attacks of every kind at once',
  neighbours: NO_ROOM,
  run: async ({ port, random }) => {
    const chosen = (['connections', 'bodies', 'images'] as const).flatMap((kind) =>
      shuffled<Attack>(ATTACKS[kind], random).slice(0, OF_EACH[kind]),
    );
    const run = async (attack: Attack) => {
      const found = await attack.run({ port, random, isBusy: true });
      return found.map((words) => `${attack.name}: ${words}`);
    };
    return (await Promise.all(chosen.map(run))).flat();
  },
};
