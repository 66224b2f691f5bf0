import { request } from 'undici';
import { type AdapterSpec, createAdapter } from '../adapters/adapter.js';
import type { ImageFile } from '../adapters/request-body.js';

/** As many as a batch holds by default, so that every batch size comes up. */
const AT_A_TIME = 8;
const ANSWER_TIMEOUT_MS = 60_000;

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
  const { contentType, bytes } = adapter.encode(plan.image);
  const predict = async (): Promise<string | null> => {
    try {
      const response = await request(plan.url, {
        method: 'POST',
        headers: { 'content-type': contentType },
        body: bytes,
        signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]),
      });
      const body = Buffer.from(await response.body.arrayBuffer());
      if (response.statusCode < 200 || response.statusCode > 299) {
        return `status ${response.statusCode}: ${excerpt(body)}`;
      }
      return plan.anyAnswer !== true && adapter.decode(body) === null
        ? `no prediction in ${excerpt(body)}`
        : null;
    } catch (error) {
      signal.throwIfAborted();
      return (error as Error).message;
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

const excerpt = (body: Buffer): string => body.toString('utf8').slice(0, 200);
