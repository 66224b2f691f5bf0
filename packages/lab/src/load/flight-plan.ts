import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { environmentError, seededRandom, shuffled, usageError } from '@servelab/core';
import { createAdapter } from '../adapters/adapter.js';
import type { FlightPlan } from './flight.js';
import { buildRequest } from './http-request.js';
import type { LoadPlan } from './load-plan.js';

/**
 * Reads and encodes every image, before anything is timed; order and checks follow from the seed.
 *
 * @throws UserError (exit code 3) for an image that cannot be read, (2) for none at all
 */
export async function prepareFlightPlan(plan: LoadPlan): Promise<FlightPlan> {
  if (plan.images.length === 0) throw usageError('there is no image to send', 'Name at least one image.');
  const adapter = createAdapter(plan.adapter);
  const requests: Buffer[] = [];
  for (const { path } of plan.images) {
    const body = adapter.encode({ name: basename(path), bytes: await readImage(path) });
    requests.push(buildRequest(plan.url, plan.headers ?? {}, body));
  }
  const order = shuffled([...requests.keys()], seededRandom(plan.seed, 'images'));
  const random = seededRandom(plan.seed, 'checks');
  const expectedClass = (image: number) => plan.images[image]?.expectedClass ?? null;
  return {
    requests,
    order,
    timeoutUs: plan.timeoutUs,
    // Drawn for every request, known answer or not: the same requests are checked whatever is expected.
    wantsCheck: (image) => random() < plan.checkShare && expectedClass(image) !== null,
    isRight: (image, body) => adapter.decode(body)?.[0]?.class_id === expectedClass(image),
  };
}

async function readImage(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw environmentError(`the image ${path} cannot be read (${code})`, 'Name a file that exists.', error);
  }
}
