import type { ImagePrediction, PredictionResults } from '@servelab/core';
import type { ImageOutcome, ScoredClass } from '../workers/inference-engine.js';
import { imageError } from './problem.js';

/** The answer for one image; `top` falls in confidence and is never empty. */
export function imagePrediction(top: readonly ScoredClass[], labels: readonly string[]): ImagePrediction {
  const predictions = top.map(({ classId, confidence }) => ({
    class_id: classId,
    class_name: labels[classId] ?? `class ${classId}`,
    confidence: rounded(confidence),
  }));
  const [best] = predictions;
  return { predictions, top_prediction: best?.class_name ?? '', confidence: best?.confidence ?? 0 };
}

/** The answer for several: each image on its own, in request order. */
export function predictionResults(
  outcomes: readonly ImageOutcome[],
  labels: readonly string[],
): PredictionResults {
  return {
    results: outcomes.map((outcome) =>
      outcome.ok ? imagePrediction(outcome.top, labels) : imageError(outcome.code),
    ),
  };
}

/** A float32 has seven digits; the rest of its decimal form is noise that every answer would carry. */
const rounded = (confidence: number): number => Math.round(confidence * 1e7) / 1e7;
