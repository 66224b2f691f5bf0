import { seededRandom } from '@servelab/core';
import { attacked } from '../attack.js';
import { MIXTURE } from '../http/mixture.js';
import { serverTarget } from './server-target.js';

/** The attacks of the tests, some of every kind at once. */
export const mixtureTarget = serverTarget({
  name: 'mixture',
  atOnce: 1,
  make: (random) => {
    const seed = Math.floor(random() * 2 ** 31);
    return { bytes: Buffer.from(`${seed}`), how: 'seed of attacks of every kind at once' };
  },
  async check({ bytes }, { victim }) {
    const found = await attacked(victim, MIXTURE, seededRandom(Number(bytes.toString()), 'mixture'));
    return found.length === 0 ? null : found.join('\n');
  },
});
