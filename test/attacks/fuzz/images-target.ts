import { faultOfProblem } from '../http/send-body.js';
import { mutatedImage } from '../inputs/mutate-image.js';
import { serverTarget } from './server-target.js';

const RIGHT = [200, 400, 413, 415];

/** Mutated files to a server: answered, never with a failure of its own. */
export const imagesTarget = serverTarget({
  name: 'images',
  atOnce: 8,
  make: async (random) => ({ bytes: await mutatedImage(random), how: 'POST /predict as image/jpeg' }),
  async check({ bytes }, server) {
    const answer = await server.post({ headers: { 'content-type': 'image/jpeg' }, body: bytes });
    return RIGHT.includes(answer.status)
      ? faultOfProblem(answer)
      : `answered ${answer.status} ${answer.text.slice(0, 200)}`;
  },
});
