import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ImageJob, ImageOutcome, InferenceEngine } from '../workers/inference-engine.js';
import { awaitOutcomes } from './await-outcomes.js';
import type { HttpContext } from './http-context.js';
import { chooseIntake } from './intake/choose-intake.js';
import type { IncomingImage } from './intake/intake.js';
import { imagePrediction, predictionResults } from './predictions.js';
import { readBody } from './read-body.js';
import { requestDeadlineUs } from './request-deadline.js';
import { RequestError } from './request-error.js';

const JSON_TYPE = 'application/json; charset=utf-8';

/**
 * `POST /predict`: what can be refused by the headers is refused first, then the body is read and taken
 * apart, then the images are admitted together and each has an outcome of its own.
 */
export function predictRoute(context: HttpContext) {
  const { options, state, metrics } = context;

  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { phase } = state;
    if (phase.kind === 'starting') throw new RequestError('not_ready');
    const contentType = request.headers['content-type'] ?? '';
    const intake = chooseIntake(contentType);
    const deadlineUs = requestDeadlineUs(
      request.headers['x-request-timeout-ms'],
      options.requestTimeoutMs,
      request.startedUs,
    );

    const body = await readBody(request.raw, options);
    const { images, listed } = intake(body, contentType, options.maxImagesPerRequest);
    const outcomes = await inferAll(context, phase.engine, images, deadlineUs, request, reply);

    const timings = outcomes.flatMap((outcome) => (outcome.ok ? [outcome.timing] : []));
    reply.timings = timings;
    for (const timing of timings) metrics.imageAnswered(timing);
    reply.type(JSON_TYPE);
    if (listed) {
      for (const outcome of outcomes) if (!outcome.ok) metrics.rejected(outcome.code);
      return reply.send(JSON.stringify(predictionResults(outcomes, phase.model.labels)));
    }
    const [only] = outcomes;
    if (only === undefined) throw new RequestError('missing_image');
    if (!only.ok) throw new RequestError(only.code);
    return reply.send(JSON.stringify(imagePrediction(only.top, phase.model.labels)));
  };
}

/** Outcomes in request order; an image that was broken on arrival never reaches the engine. */
async function inferAll(
  { nowUs }: HttpContext,
  engine: InferenceEngine,
  images: readonly IncomingImage[],
  deadlineUs: number,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<ImageOutcome[]> {
  const jobs: ImageJob[] = [];
  for (const image of images) {
    if (image instanceof Uint8Array) jobs.push({ requestId: request.id, bytes: image, deadlineUs });
  }
  const inferred = jobs.length === 0 ? [] : await submit(engine, jobs, deadlineUs, reply, nowUs);
  let next = 0;
  return images.map((image) => {
    if (!(image instanceof Uint8Array)) return { ok: false, code: image.code };
    return inferred[next++] ?? { ok: false, code: 'internal_error' };
  });
}

async function submit(
  engine: InferenceEngine,
  jobs: readonly ImageJob[],
  deadlineUs: number,
  reply: FastifyReply,
  nowUs: HttpContext['nowUs'],
): Promise<ImageOutcome[]> {
  const submission = engine.submit(jobs);
  if (submission.accepted) return await awaitOutcomes(submission, reply.raw, deadlineUs, nowUs);
  const { code, retryAfterS } = submission;
  throw new RequestError(code, undefined, retryAfterS > 0 ? { 'retry-after': String(retryAfterS) } : {});
}
