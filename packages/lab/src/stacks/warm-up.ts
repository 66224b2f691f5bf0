import { excerpt } from '@servelab/core';
import { type AdapterSpec, createAdapter } from '../adapters/adapter.js';
import { postImage } from '../adapters/post-image.js';
import { beginningOf } from '../adapters/read-json.js';
import type { ImageFile } from '../adapters/request-body.js';

/** As many as a batch holds by default, so that every batch size comes up. */
const AT_A_TIME = 8;
const ANSWER_TIMEOUT_MS = 60_000;
const LONGEST_REASON = 200;

export interface WarmUp {
  readonly url: string;
  readonly adapter: AdapterSpec;
  readonly image: ImageFile;
  /** In all. */
  readonly requests: number;
  /** Whether any 2xx is taken for an answer, whatever it says. */
  readonly anyAnswer?: boolean;
}

/**
 * One real prediction, then the rest at the concurrency that fills a batch: a framework that learns while it
 * serves, or a runtime that compiles at the first batch of each size, does so before anything is measured.
 *
 * @returns what was wrong with the first prediction, or null
 */
export async function warmUp(plan: WarmUp, signal: AbortSignal): Promise<string | null> {
  const adapter = createAdapter(plan.adapter);
  const encoded = adapter.encode(plan.image);
  const predict = async (): Promise<string | null> => {
    try {
      const inTime = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]);
      const { status, contentEncoding, body } = await postImage(plan.url, encoded, inTime);
      if (status < 200 || status > 299) return `status ${status}: ${beginningOf(body, contentEncoding)}`;
      if (plan.anyAnswer === true) return null;
      const { fault } = adapter.read(body, contentEncoding);
      if (fault === null) return null;
      return `no prediction in ${beginningOf(body, contentEncoding) || `the answer: ${fault.reason}`}`;
    } catch (error) {
      signal.throwIfAborted();
      return excerpt((error as Error).message, LONGEST_REASON);
    }
  };
  const trouble = await predict();
  if (trouble !== null) return trouble;
  for (let sent = 1; sent < plan.requests; sent += AT_A_TIME) {
    signal.throwIfAborted();
    await Promise.all(Array.from({ length: Math.min(AT_A_TIME, plan.requests - sent) }, predict));
  }
  return null;
}
