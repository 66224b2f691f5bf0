import type { Precision } from '../convert/precision.js';
import type { ImageHandling } from '../runtime/model-runtime.js';
import type { ModelFacts } from './model-manifest.js';

/** A model that is ready to be served: its graph lies in the cache and has the hash given. */
export interface OpenedModel {
  readonly manifest: ModelFacts;
  readonly precision: Precision;
  /** Goes into the runtime's spec. */
  readonly handling: ImageHandling;
  readonly graphPath: string;
  readonly graphSha256: string;
  /** One a class, `manifest.classCount` of them. */
  readonly labels: readonly string[];
  /** The same as a file: one a line, in UTF-8. */
  readonly labelsPath: string;
  /** Of the source weights, or of the generator's graph where these are synthetic. */
  readonly sha256: string;
  /** Timings are real, answers are not: say so wherever the model is named. */
  readonly synthetic: boolean;
}

/** What long work on a model tells while it goes on. */
export type ModelProgress =
  | { readonly kind: 'fetching'; readonly file: string; readonly from: string }
  | {
      readonly kind: 'fetched';
      readonly file: string;
      readonly bytes: number;
      readonly totalBytes: number | null;
    }
  | { readonly kind: 'converting'; readonly precision: Precision }
  | { readonly kind: 'checking'; readonly file: string }
  | { readonly kind: 'synthetic'; readonly reason: string };

export interface OpenModelOptions {
  /**
   * `never` (default): the real weights or an error. `fallback`: synthetic ones where the real ones cannot be
   * reached. `always`: synthetic ones, without looking for others.
   */
  readonly synthetic?: 'never' | 'fallback' | 'always';
  /** `SERVELAB_MODEL_SOURCE`, `SERVELAB_CACHE_DIR` and `XDG_CACHE_HOME` are read from here. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ModelProgress) => void;
}
