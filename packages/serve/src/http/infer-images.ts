import type { ServerResponse } from 'node:http';
import type { ErrorCode, NowUs } from '@servelab/core';
import { sniffFormat } from '../decode/image-format.js';
import type { Block } from '../shared-memory/body-arena.js';
import type { ImageJob, ImageOutcome, InferenceEngine } from '../workers/inference-engine.js';
import { awaitOutcomes } from './await-outcomes.js';
import type { IncomingImage } from './intake/intake.js';
import { RequestError } from './request-error.js';

/** Who asks, until when, and how to see that nobody waits any more. */
export interface Asker {
  readonly requestId: string;
  readonly deadlineUs: number;
  readonly response: ServerResponse;
  /** In which the images lie, where the workers can read them there. */
  readonly block: Block | null;
}

/**
 * Outcomes in request order. What is no image by its first bytes, or was broken on arrival, never reaches the
 * engine: no batch waits for it, and no worker holds it. The others are admitted together or refused together.
 *
 * @throws RequestError where the engine takes none of them, or the wait ends before they are answered
 */
export async function inferImages(
  engine: InferenceEngine,
  images: readonly IncomingImage[],
  asker: Asker,
  nowUs: NowUs,
): Promise<ImageOutcome[]> {
  const { requestId, deadlineUs, block } = asker;
  const jobs: ImageJob[] = [];
  const refusals = images.map((image) => {
    if (!(image instanceof Uint8Array)) return image.code;
    const code = refusalByFormat(image);
    if (code === null) jobs.push({ requestId, bytes: image, block, deadlineUs });
    return code;
  });
  const inferred = jobs.length === 0 ? [] : await submit(engine, jobs, asker, nowUs);
  let next = 0;
  return refusals.map((code) => {
    if (code !== null) return { ok: false, code };
    return inferred[next++] ?? { ok: false, code: 'internal_error' };
  });
}

function refusalByFormat(bytes: Uint8Array): ErrorCode | null {
  const format = sniffFormat(bytes);
  if (format === 'unknown') return 'invalid_image';
  return format === 'forbidden' ? 'unsupported_image_format' : null;
}

/** @throws RequestError at once, where the engine takes none of them */
function submit(
  engine: InferenceEngine,
  jobs: readonly ImageJob[],
  { response, deadlineUs }: Asker,
  nowUs: NowUs,
): Promise<ImageOutcome[]> {
  const submission = engine.submit(jobs);
  if (submission.accepted) return awaitOutcomes(submission, response, deadlineUs, nowUs);
  const { code, retryAfterS } = submission;
  throw new RequestError(code, undefined, retryAfterS > 0 ? { 'retry-after': String(retryAfterS) } : {});
}
