import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { ImageOutcome } from '../workers/inference-engine.js';
import { type Admit, headersError } from './admission.js';
import { BodyBudget } from './body-budget.js';
import { contentCoding, requireOnlyChunked } from './body-codings.js';
import { problemAnswer, toRequestError } from './error-replies.js';
import { Exchange, type ExchangeHost } from './exchange.js';
import type { HttpContext } from './http-context.js';
import { inferImages } from './infer-images.js';
import { chooseIntake } from './intake/choose-intake.js';
import { inTurns } from './intake/in-turns.js';
import type { AnswerWriter } from './predictions.js';
import { readBody } from './read-body.js';
import { requestDeadlineUs } from './request-deadline.js';
import { RequestError } from './request-error.js';

/** The path as it is usually spelled. */
export const PREDICT_PATH = '/predict';
const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8' };

/** Answers one request for predictions. */
export type AnswerPrediction = (request: IncomingMessage, response: ServerResponse) => void;

export function predictionHandler(host: ExchangeHost, admit: Admit): AnswerPrediction {
  const { context } = host;
  const answer = predictor(context);
  return (request, response) => {
    const exchange = new Exchange(host, request, response);
    if (!admit(request, response, false)) return;
    answer(exchange).catch((error: unknown) => {
      const { id } = exchange;
      const { status, headers, body } = problemAnswer(context, toRequestError(error, context, id), id);
      exchange.send(status, headers, body);
    });
  };
}

/**
 * Has `POST /predict` answered before the framework's router sees it: of what a framework does for a request, this one
 * needs nothing, and it is the one that comes a thousand times a second. What is spelled otherwise, such as
 * `http://host/predict` or `/%70redict`, is for the router to find: see request-hooks.ts.
 */
export function answerBeforeRouter(server: Server, answerPrediction: AnswerPrediction): void {
  const routed = server.listeners('request') as AnswerPrediction[];
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (request.method === 'POST' && request.url === PREDICT_PATH) answerPrediction(request, response);
    else for (const listener of routed) listener(request, response);
  });
}

/**
 * What can be refused by the headers is refused first, then the body is read and taken apart, then the images are
 * admitted together and each has an outcome of its own.
 */
function predictor(context: HttpContext): (exchange: Exchange) => Promise<void> {
  const { options, state, metrics, arena, nowUs } = context;
  const budget = new BodyBudget(options.maxBufferedBytes);

  return async (exchange) => {
    const { request, response } = exchange;
    const { headers } = request;
    const refusal = headersError(request);
    if (refusal !== undefined) throw refusal;
    const { phase } = state;
    if (phase.kind === 'starting') throw new RequestError('not_ready');
    requireOnlyChunked(headers['transfer-encoding']);
    const coding = contentCoding(headers['content-encoding']);
    const contentType = headers['content-type'] ?? '';
    const intake = chooseIntake(contentType);
    const deadlineUs = requestDeadlineUs(
      headers['x-request-timeout-ms'],
      options.requestTimeoutMs,
      exchange.startedUs,
    );

    const body = await readBody(request, coding, options, budget, arena);
    try {
      const { images, listed } = await inTurns(intake(body.bytes, contentType, options.maxImagesPerRequest));
      // The engine's wait sees only those that leave from here on.
      if (request.socket.destroyed) throw new RequestError('client_closed_request');
      const asker = { requestId: exchange.id, deadlineUs, response, block: body.block };
      const outcomes = await inferImages(phase.engine, images, asker, nowUs);
      record(outcomes, exchange);
      const answer = listed ? listAnswer(outcomes, phase.answers) : soleAnswer(outcomes, phase.answers);
      exchange.send(200, JSON_HEADERS, answer);
    } finally {
      body.release();
    }
  };

  function record(outcomes: readonly ImageOutcome[], exchange: Exchange): void {
    exchange.timings = outcomes.flatMap((outcome) => (outcome.ok ? [outcome.timing] : []));
    for (const timing of exchange.timings) metrics.imageAnswered(timing);
  }

  function listAnswer(outcomes: readonly ImageOutcome[], answers: AnswerWriter): string {
    for (const outcome of outcomes) if (!outcome.ok) metrics.imageFailed(outcome.code);
    return answers.results(outcomes);
  }
}

/** @throws RequestError where the only image has no answer: then neither has the request */
function soleAnswer([outcome]: readonly ImageOutcome[], answers: AnswerWriter): string {
  if (outcome === undefined) throw new RequestError('missing_image');
  if (!outcome.ok) throw new RequestError(outcome.code);
  return answers.prediction(outcome.top);
}
