import { abortable } from '@servelab/node';
import { type OpenedModel, openModel, type Precision } from '@servelab/serve';
import type { Terminal } from '../command.js';
import { modelProgress } from './model-progress.js';

const MODEL = 'mobilenet-v2';

/** A model that lies in the cache, and where. */
export interface ObtainedModel {
  /** What a run records of it. */
  readonly identity: { readonly name: string; readonly sha256: string; readonly synthetic: boolean };
  readonly labelsPath: string;
  readonly graphs: Readonly<Partial<Record<Precision, ModelGraphFile>>>;
}

export interface ModelGraphFile {
  readonly path: string;
  readonly sha256: string;
}

/**
 * Makes sure that every precision a run needs lies in the cache, so that no stack converts anything while it
 * starts. Falls back to synthetic weights where the source cannot be reached, loudly.
 */
export async function obtainModel(
  precisions: ReadonlySet<Precision>,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ObtainedModel> {
  let first: OpenedModel | null = null;
  const graphs: Partial<Record<Precision, ModelGraphFile>> = {};
  for (const precision of precisions) {
    const opened = await abortable(signal, () =>
      openModel(MODEL, precision, {
        synthetic: first?.synthetic === true ? 'always' : 'fallback',
        environment: terminal.environment,
        signal,
        onProgress: modelProgress(terminal),
      }),
    );
    first ??= opened;
    graphs[precision] = { path: opened.graphPath, sha256: opened.graphSha256 };
  }
  if (first === null) throw new Error('a run needs a precision');
  const { sha256, synthetic, labelsPath } = first;
  return { identity: { name: MODEL, sha256, synthetic }, labelsPath, graphs };
}
