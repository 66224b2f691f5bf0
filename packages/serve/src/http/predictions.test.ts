import type { ImagePrediction, PredictionResults } from '@servelab/core';
import { expect, it } from 'vitest';
import type { ImageOutcome } from '../workers/inference-engine.js';
import { AnswerWriter } from './predictions.js';

const writer = new AnswerWriter(['macaw', 'a "quoted" name\\', 'brûlé\u2028 \ud800']);
const timing = { decodeUs: 1, queueUs: 1, inferUs: 1, batchId: 1, batchSize: 1, reason: 'one' };

it('writes classes in their order, names as JSON, confidences with seven digits', () => {
  const top = [
    { classId: 1, confidence: Math.fround(0.7) },
    { classId: 2, confidence: Math.fround(0.1) },
    { classId: 0, confidence: 1e-7 },
    { classId: 7, confidence: 1e-12 },
  ];
  const predictions = [
    { class_id: 1, class_name: 'a "quoted" name\\', confidence: 0.7 },
    { class_id: 2, class_name: 'brûlé\u2028 \ud800', confidence: 0.1 },
    { class_id: 0, class_name: 'macaw', confidence: 1e-7 },
    { class_id: 7, class_name: 'class 7', confidence: 0 },
  ];
  const expected: ImagePrediction = {
    predictions,
    top_prediction: 'a "quoted" name\\',
    confidence: 0.7,
  };
  expect(JSON.parse(writer.prediction(top))).toEqual(expected);
});

it('writes an error for the image that has one', () => {
  const outcomes: ImageOutcome[] = [
    { ok: true, top: [{ classId: 0, confidence: 0.5 }], timing },
    { ok: false, code: 'invalid_image' },
  ];
  const answer: PredictionResults = JSON.parse(writer.results(outcomes));
  expect(answer.results).toMatchObject([
    { top_prediction: 'macaw', confidence: 0.5 },
    { error: { code: 'invalid_image', status: 400 } },
  ]);
});
