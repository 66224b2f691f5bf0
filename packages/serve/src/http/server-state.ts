import type { InferenceEngine } from '../workers/inference-engine.js';
import { AnswerWriter } from './predictions.js';

/** What the routes must know of the model. */
export interface ServedModel {
  readonly name: string;
  readonly precision: string;
  readonly runtime: string;
  readonly policy: string;
  /** SHA-256 of the source of the weights; null where there are none. */
  readonly sha256: string | null;
  /** Generated weights: timings are real, answers are not. */
  readonly synthetic: boolean;
  /** What a reader of the answers must know of them, or null. */
  readonly warning: string | null;
  /** Index = class id. */
  readonly labels: readonly string[];
}

interface Serving {
  readonly model: ServedModel;
  readonly engine: InferenceEngine;
  readonly answers: AnswerWriter;
}

/**
 * starting: the port is bound, nothing can be answered. ready: warmed up. draining: still answers, but
 * tells load balancers to go elsewhere.
 */
type Phase =
  | { readonly kind: 'starting' }
  | ({ readonly kind: 'ready' } & Serving)
  | ({ readonly kind: 'draining' } & Serving);

/** Where the server is in its life; goes forward only. */
export class ServerState {
  #phase: Phase = { kind: 'starting' };

  get phase(): Phase {
    return this.#phase;
  }

  ready(model: ServedModel, engine: InferenceEngine): void {
    this.#phase = { kind: 'ready', model, engine, answers: new AnswerWriter(model.labels) };
  }

  drain(): void {
    if (this.#phase.kind === 'ready') this.#phase = { ...this.#phase, kind: 'draining' };
  }
}
