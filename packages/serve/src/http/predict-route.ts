import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ImageOutcome } from '../workers/inference-engine.js';
import { BodyBudget } from './body-budget.js';
import { contentCoding, requireOnlyChunked } from './body-codings.js';
import type { HttpContext } from './http-context.js';
import { inferImages } from './infer-images.js';
import { chooseIntake } from './intake/choose-intake.js';
import { inTurns } from './intake/in-turns.js';
import { imagePrediction, predictionResults } from './predictions.js';
import { readBody } from './read-body.js';
import { requestDeadlineUs } from './request-deadline.js';
import { RequestError } from './request-error.js';

const JSON_TYPE = 'application/json; charset=utf-8';

/**
 * `POST /predict`: what can be refused by the headers is refused first, then the body is read and taken
 * apart, then the images are admitted together and each has an outcome of its own.
 */
export function predictRoute({ options, state, metrics, arena, nowUs }: HttpContext) {
  const budget = new BodyBudget(options.maxBufferedBytes);

  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { phase } = state;
    if (phase.kind === 'starting') throw new RequestError('not_ready');
    requireOnlyChunked(request.headers['transfer-encoding']);
    const coding = contentCoding(request.headers['content-encoding']);
    const contentType = request.headers['content-type'] ?? '';
    const intake = chooseIntake(contentType);
    const deadlineUs = requestDeadlineUs(
      request.headers['x-request-timeout-ms'],
      options.requestTimeoutMs,
      request.startedUs,
    );

    const body = await readBody(request.raw, coding, options, budget, arena);
    try {
      const { images, listed } = await inTurns(intake(body.bytes, contentType, options.maxImagesPerRequest));
      // The engine's wait sees only those that leave from here on.
      if (request.raw.socket.destroyed) throw new RequestError('client_closed_request');
      const asker = { requestId: request.id, deadlineUs, response: reply.raw, block: body.block };
      const outcomes = await inferImages(phase.engine, images, asker, nowUs);
      record(outcomes, reply);
      const answer = listed
        ? listAnswer(outcomes, phase.model.labels)
        : soleAnswer(outcomes, phase.model.labels);
      return reply.type(JSON_TYPE).send(JSON.stringify(answer));
    } finally {
      body.release();
    }
  };

  function record(outcomes: readonly ImageOutcome[], reply: FastifyReply): void {
    reply.timings = outcomes.flatMap((outcome) => (outcome.ok ? [outcome.timing] : []));
    for (const timing of reply.timings) metrics.imageAnswered(timing);
  }

  function listAnswer(outcomes: readonly ImageOutcome[], labels: readonly string[]) {
    for (const outcome of outcomes) if (!outcome.ok) metrics.rejected(outcome.code);
    return predictionResults(outcomes, labels);
  }
}

/** @throws RequestError where the only image has no answer: then neither has the request */
function soleAnswer([outcome]: readonly ImageOutcome[], labels: readonly string[]) {
  if (outcome === undefined) throw new RequestError('missing_image');
  if (!outcome.ok) throw new RequestError(outcome.code);
  return imagePrediction(outcome.top, labels);
}
