import { ERRORS, isErrorCode } from '@servelab/core';
import { type Attack, NO_ROOM } from '../attack.js';
import { IMAGE_BOMBS } from '../inputs/image-bombs.js';
import { ask } from '../victim/exchange.js';
import { faultOfProblem } from './send-body.js';

const COPIES = 8;
/** What an image may be refused for; whatever it costs, no neighbour pays. */
const REFUSALS = ['invalid_image', 'image_too_large', 'image_too_complex'];

/** Requests of eight copies, as many as there are workers. */
export const IMAGE_BOMB_ATTACKS: readonly Attack[] = Object.entries(IMAGE_BOMBS).map(([name, make]) => ({
  name,
  run: async ({ port, isBusy }) => {
    const bomb = make();
    const found = await Promise.all([sendCopies(port, bomb, isBusy), sendCopies(port, bomb, isBusy)]);
    return [...new Set(found.flat())];
  },
}));

async function sendCopies(port: number, bomb: Buffer, isBusy: boolean): Promise<string[]> {
  const answer = await ask(port, {
    method: 'POST',
    path: '/predict',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ images_base64: Array(COPIES).fill(bomb.toString('base64')) }),
  });
  // Eight copies may be a larger body than is allowed.
  if (answer.status === 413) return [faultOfProblem(answer)].filter((fault) => fault !== null);
  if (isBusy && NO_ROOM.includes(answer.status)) return [];
  if (answer.status !== 200) return [`answered ${answer.status} ${answer.text.slice(0, 200)}`];
  const { results } = JSON.parse(answer.text) as { results: { error?: { code: string } }[] };
  // Of a list some images may be taken and others refused for want of room.
  const isRight = ({ error }: (typeof results)[number]) =>
    error === undefined || REFUSALS.includes(error.code) || (isBusy && isNoRoom(error.code));
  return results.filter((one) => !isRight(one)).map(({ error }) => `an image was answered ${error?.code}`);
}

const isNoRoom = (code: string): boolean => isErrorCode(code) && NO_ROOM.includes(ERRORS[code].status);
