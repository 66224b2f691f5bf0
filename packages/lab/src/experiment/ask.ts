import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { type ClassPrediction, monotonicNowUs, usToMs } from '@servelab/core';
import { type Adapter, type AdapterSpec, createAdapter } from '../adapters/adapter.js';
import { postImage } from '../adapters/post-image.js';

export interface Asked {
  /** Whether it answered 2xx. */
  readonly ok: boolean;
  /** Top classes; null where there is no answer, or one that is not understood. */
  readonly answer: ClassPrediction[] | null;
  /** From the send to the last byte; reading and encoding the image are not in it. */
  readonly ms: number;
}

/** Asks a stack for one image, outside the measurement. */
export async function ask(url: string, adapter: Adapter, path: string, signal: AbortSignal): Promise<Asked> {
  signal.throwIfAborted();
  const encoded = adapter.encode({ name: basename(path), bytes: await readFile(path) });
  const sentUs = monotonicNowUs();
  let ok = false;
  let answer: ClassPrediction[] | null = null;
  try {
    const { status, contentEncoding, body } = await postImage(url, encoded, signal);
    ok = status >= 200 && status < 300;
    answer = status === 200 ? adapter.read(body, contentEncoding).predictions : null;
  } catch (error) {
    if (signal.aborted) throw error;
    // Reset, refused, or no answer that is understood: the golden check reports it as missing.
  }
  return { ok, answer, ms: usToMs(monotonicNowUs() - sentUs) };
}

/**
 * Asks a stack for each image in turn.
 *
 * @returns the top classes of each, null where the stack answered with an error or not at all
 */
export async function askEach(
  url: string,
  spec: AdapterSpec,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<(ClassPrediction[] | null)[]> {
  const adapter = createAdapter(spec);
  const answers: (ClassPrediction[] | null)[] = [];
  for (const path of paths) answers.push((await ask(url, adapter, path, signal)).answer);
  return answers;
}
