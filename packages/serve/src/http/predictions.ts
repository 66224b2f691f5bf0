import type { ImageOutcome, ScoredClass } from '../workers/inference-engine.js';
import { imageError } from './problem.js';

/**
 * Writes answers as JSON text, without an object for each class first: names are made JSON once, and the rest is numbers.
 * The shapes are those of `ImagePrediction` and `PredictionResults`.
 */
export class AnswerWriter {
  /** JSON strings; index = class id. */
  readonly #names: readonly string[];

  constructor(labels: readonly string[]) {
    this.#names = labels.map((label) => JSON.stringify(label));
  }

  /** The answer for one image; `top` falls in confidence and is never empty. */
  prediction(top: readonly ScoredClass[]): string {
    let classes = '';
    for (const { classId, confidence } of top) {
      const comma = classes === '' ? '' : ',';
      classes += `${comma}{"class_id":${classId},"class_name":${this.#nameOf(classId)},"confidence":${rounded(confidence)}}`;
    }
    const best = top[0];
    const name = best === undefined ? '""' : this.#nameOf(best.classId);
    return `{"predictions":[${classes}],"top_prediction":${name},"confidence":${rounded(best?.confidence ?? 0)}}`;
  }

  /** The answer for several: each image on its own, in request order. */
  results(outcomes: readonly ImageOutcome[]): string {
    const results = outcomes.map((outcome) =>
      outcome.ok ? this.prediction(outcome.top) : JSON.stringify(imageError(outcome.code)),
    );
    return `{"results":[${results.join()}]}`;
  }

  #nameOf(classId: number): string {
    return this.#names[classId] ?? `"class ${classId}"`;
  }
}

/** A float32 has seven digits; the rest of its decimal form is noise that every answer would carry. */
const rounded = (confidence: number): number => Math.round(confidence * 1e7) / 1e7;
