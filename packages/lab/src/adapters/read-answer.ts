import { type ClassPrediction, excerpt } from '@servelab/core';
import type { AnswerFault } from './answer-fault.js';
import { LONGEST_EXAMPLE, readJson } from './read-json.js';

export type AnswerReading =
  | { readonly predictions: ClassPrediction[]; readonly fault: null }
  | { readonly predictions: null; readonly fault: AnswerFault };

/**
 * The predictions in the answer for one image. Three shapes are known: the contract's object, a list of
 * one such object (BentoML's batchable endpoint), and `{"results": [...]}` with one element.
 */
export function readAnswer(body: Buffer, contentEncoding = ''): AnswerReading {
  const { json, fault } = readJson(body, contentEncoding);
  if (fault !== null) return { predictions: null, fault };
  const one = onlyElement(isObject(json) && Array.isArray(json.results) ? json.results : json);
  if (isObject(one) && Array.isArray(one.predictions)) {
    const { predictions } = one;
    if (predictions.length > 0 && predictions.every(isPrediction)) return { predictions, fault: null };
  }
  return { predictions: null, fault: { reason: 'no predictions', example: shown(json) } };
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

function shown(json: unknown): string {
  try {
    return excerpt(JSON.stringify(json), LONGEST_EXAMPLE);
  } catch {
    return 'too deeply nested to be shown';
  }
}
