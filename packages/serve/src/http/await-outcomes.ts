import type { ServerResponse } from 'node:http';
import { type NowUs, usToMs } from '@servelab/core';
import type { ImageOutcome, Submission } from '../workers/inference-engine.js';
import { RequestError } from './request-error.js';

/** The engine answers by the deadline itself, image by image; this much later the request is given up whole. */
const ENGINE_GRACE_MS = 25;
/** Node keeps a list of timers for each duration. Rounded up to this, most requests find the list of the one before. */
const TIMER_STEP_MS = 100;

/**
 * The outcomes of an accepted submission. Whatever ends the wait early takes the images out of the queue.
 *
 * @throws RequestError `client_closed_request` when the client leaves, `deadline_exceeded` when the engine
 *   does not answer in time
 */
export function awaitOutcomes(
  submission: Extract<Submission, { accepted: true }>,
  response: ServerResponse,
  deadlineUs: number,
  nowUs: NowUs,
): Promise<ImageOutcome[]> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      clearTimeout(timer);
      response.off('close', onClose);
    };
    const abandon = (error: RequestError) => {
      settle();
      submission.cancel();
      reject(error);
    };
    // Before anything was written, `close` means that the client is gone.
    const onClose = () => abandon(new RequestError('client_closed_request'));
    const leftMs = Math.max(0, usToMs(deadlineUs - nowUs())) + ENGINE_GRACE_MS;
    const timer = setTimeout(
      () => abandon(new RequestError('deadline_exceeded')),
      TIMER_STEP_MS * Math.ceil(leftMs / TIMER_STEP_MS),
    );
    response.once('close', onClose);
    submission.outcomes.then(
      (outcomes) => {
        settle();
        resolve(outcomes);
      },
      (error: unknown) => {
        settle();
        reject(error);
      },
    );
  });
}
