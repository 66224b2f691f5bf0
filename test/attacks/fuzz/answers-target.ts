import { hostileAnswer } from '../inputs/hostile-answers.js';
import type { FuzzTarget } from './fuzz-target.js';
import { HostedCheck } from './hosted-check.js';

/** What servers may answer, through the parser that `servelab load` reads answers with. */
export const answersTarget: FuzzTarget = {
  name: 'answers',
  open: async () => {
    const host = new HostedCheck('./answers-check.ts', 512);
    return {
      atOnce: 1,
      make: (random) => ({
        bytes: Buffer.from(hostileAnswer(random).bytes, 'base64'),
        how: 'given to the driver’s parser of answers',
      }),
      check: ({ bytes }) => host.check(bytes),
      close: () => host.close(),
    };
  },
};
