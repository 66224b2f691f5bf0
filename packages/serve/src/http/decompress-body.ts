import type { BodyArena } from '../shared-memory/body-arena.js';
import type { BodyBudget, HeldBody } from './body-budget.js';
import type { ContentCoding } from './body-codings.js';
import { BodyCollector, overBudget } from './body-collector.js';
import { RequestError } from './request-error.js';

/**
 * Undoes `Content-Encoding`, on libuv's threads. What comes out is limited and reserved as a body that came as it is,
 * so that a bomb ends at the limit; the compressed body has been limited before.
 *
 * @throws RequestError `body_too_large`, `queue_full`, or `invalid_content_encoding`: damaged, cut off, or followed by
 *   something else; nothing stays reserved
 */
export async function decompressBody(
  body: Buffer,
  coding: ContentCoding,
  maxBodyBytes: number,
  budget: BodyBudget,
  arena: BodyArena | null = null,
): Promise<HeldBody> {
  const output = budget.open();
  const decoder = budget.open();
  const collector = new BodyCollector(output, maxBodyBytes, null, arena);
  const stream = coding.open(body);
  let outputBytes = 0;
  const reserveDecoder = () => decoder.resize(coding.stateBytes + Math.min(outputBytes, coding.windowBytes));
  try {
    if (!reserveDecoder()) throw overBudget();
    stream.end(body);
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      outputBytes += chunk.length;
      const refusal = collector.add(chunk) ?? (reserveDecoder() ? null : overBudget());
      if (refusal !== null) throw refusal;
    }
    const extraBytes = body.length - stream.bytesWritten;
    if (extraBytes > 0) throw invalid(coding, `${extraBytes} bytes follow its end`);
    return collector.whole();
  } catch (error) {
    collector.discard();
    if (error instanceof RequestError) throw error;
    throw invalid(coding, error instanceof Error ? error.message : 'it cannot be read');
  } finally {
    stream.destroy();
    decoder.release();
  }
}

const invalid = ({ name }: ContentCoding, why: string) =>
  new RequestError('invalid_content_encoding', `The body is not valid ${name}: ${why}.`);
