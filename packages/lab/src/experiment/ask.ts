import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ClassPrediction } from '@servelab/core';
import { request } from 'undici';
import { type AdapterSpec, createAdapter } from '../adapters/adapter.js';

/**
 * Asks a stack for each image in turn, outside any timing.
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
  for (const path of paths) {
    signal.throwIfAborted();
    const { contentType, bytes } = adapter.encode({ name: basename(path), bytes: await readFile(path) });
    try {
      const response = await request(url, {
        method: 'POST',
        headers: { 'content-type': contentType },
        body: bytes,
        signal,
      });
      const body = Buffer.from(await response.body.arrayBuffer());
      answers.push(response.statusCode === 200 ? adapter.decode(body) : null);
    } catch (error) {
      if (signal.aborted) throw error;
      answers.push(null); // reset or refused: the golden check reports it as a missing answer
    }
  }
  return answers;
}
