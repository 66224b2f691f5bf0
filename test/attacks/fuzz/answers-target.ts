import { hostileAnswer } from '../inputs/hostile-answers.js';
import { hostedTarget } from './hosted-target.js';

/** What servers may answer, through the parser that `servelab load` reads answers with. */
export const answersTarget = hostedTarget('answers', './answers-check.ts', (random) => ({
  bytes: Buffer.from(hostileAnswer(random).bytes, 'base64'),
  how: 'given to the driver’s parser of answers',
}));
