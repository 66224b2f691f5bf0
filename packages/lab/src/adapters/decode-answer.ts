import type { ClassPrediction } from '@servelab/core';

/**
 * The predictions in the answer for one image. Three shapes are known: the contract's object, a list of
 * one such object (BentoML's batchable endpoint), and `{"results": [...]}` with one element.
 *
 * @returns null when the body is none of these
 */
export function decodeAnswer(body: Buffer): ClassPrediction[] | null {
  let answer: unknown;
  try {
    answer = JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
  const one = onlyElement(isObject(answer) && Array.isArray(answer.results) ? answer.results : answer);
  if (!isObject(one) || !Array.isArray(one.predictions) || one.predictions.length === 0) return null;
  return one.predictions.every(isPrediction) ? one.predictions : null;
}

const onlyElement = (answer: unknown): unknown =>
  Array.isArray(answer) ? (answer.length === 1 ? answer[0] : null) : answer;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isPrediction = (value: unknown): value is ClassPrediction =>
  isObject(value) &&
  typeof value.class_id === 'number' &&
  typeof value.class_name === 'string' &&
  typeof value.confidence === 'number';
