import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { environmentError, seededRandom, shuffled, usageError } from '@servelab/core';
import { errorCode } from '@servelab/node';
import { type Adapter, createAdapter } from '../adapters/adapter.js';
import type { AnswerFault } from '../adapters/answer-fault.js';
import { answerCheck } from './answer-check.js';
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
  const head = { url: plan.url, method: plan.method ?? 'POST', headers: plan.headers ?? {} };
  const requests: Buffer[] = [];
  for (const [index, { path }] of plan.images.entries()) {
    const image = { name: basename(path), bytes: await readImage(path), index };
    requests.push(buildRequest(head, image, adapter.encode(image)));
  }
  const order = shuffled([...requests.keys()], seededRandom(plan.seed, 'images'));
  const random = {
    warmup: seededRandom(plan.seed, 'checks of the warm-up'),
    measured: seededRandom(plan.seed, 'checks'),
  };
  const expectedClass = (image: number) => plan.images[image]?.expectedClass ?? null;
  const check = plan.answerCheck === undefined ? null : answerCheck(plan.answerCheck);
  return {
    requests,
    order,
    timeoutUs: plan.timeoutUs,
    // Drawn for every request, known answer or not: the same requests are checked whatever is expected.
    wantsCheck: (image, phase) =>
      random[phase]() < plan.checkShare && (check !== null || expectedClass(image) !== null),
    fault: (image, body, contentEncoding) =>
      check === null
        ? classFault(adapter, expectedClass(image), body, contentEncoding)
        : check(body, contentEncoding),
  };
}

function classFault(
  adapter: Adapter,
  expected: number | null,
  body: Buffer,
  contentEncoding: string,
): AnswerFault | null {
  const { predictions, fault } = adapter.read(body, contentEncoding);
  if (fault !== null) return fault;
  const first = predictions[0]?.class_id;
  return first === expected ? null : { reason: `class ${first} first, not ${expected}` };
}

async function readImage(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    const code = errorCode(error);
    throw environmentError(`the image ${path} cannot be read (${code})`, 'Name a file that exists.', error);
  }
}
