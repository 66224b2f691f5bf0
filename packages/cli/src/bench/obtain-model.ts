import { openModel, type Precision } from '@servelab/serve';
import type { Terminal } from '../command.js';
import { modelProgress } from '../model/model-progress.js';

const MODEL = 'mobilenet-v2';

/** What a run records of the model that it used. */
export interface ObtainedModel {
  readonly name: string;
  readonly sha256: string | null;
  readonly synthetic: boolean;
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
  let obtained: ObtainedModel = { name: MODEL, sha256: null, synthetic: false };
  for (const precision of precisions) {
    const { sha256, synthetic } = await openModel(MODEL, precision, {
      synthetic: obtained.synthetic ? 'always' : 'fallback',
      environment: terminal.environment,
      signal,
      onProgress: modelProgress(terminal),
    });
    obtained = { name: MODEL, sha256, synthetic };
  }
  return obtained;
}
