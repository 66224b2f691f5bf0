import { AnswerParser } from '@servelab/lab/internal/answer-parser';
import { MalformedAnswer } from '@servelab/lab/internal/malformed-answer';

const READ_BYTES = 64 * 1024;
const SHORT_BYTES = 50_000;

/**
 * An answer through the driver's parser in one piece, in many, and byte by byte where it is short: it is the same
 * answer, or refused each time, and nothing else is thrown.
 *
 * @public loaded by check-host.ts
 */
export function check(bytes: Buffer): string | null {
  const isShort = bytes.length < SHORT_BYTES;
  const sizes = [READ_BYTES, 1000, ...(isShort ? [7, 1] : [])];
  const outcomes = sizes.map((size) => outcomeOf(bytes, size));
  const [whole] = outcomes;
  const at = outcomes.findIndex((outcome) => outcome !== whole);
  return at === -1
    ? null
    : `in pieces of ${sizes[at]} bytes it is another answer: ${outcomes[at]}, not ${whole}`;
}

function outcomeOf(bytes: Buffer, size: number): string {
  const parser = new AnswerParser();
  parser.begin(true);
  // As on a connection, what is given may be overwritten once it has been read.
  const memory = Buffer.alloc(size);
  let used = 0;
  try {
    while (used < bytes.length && !parser.complete) {
      const length = bytes.copy(memory, 0, used, used + size);
      const taken = parser.push(memory.subarray(0, length));
      memory.fill(0xaa);
      if (taken < length && !parser.complete) return `took ${taken} of ${length} bytes and is not complete`;
      used += taken;
    }
  } catch (error) {
    if (error instanceof MalformedAnswer) return 'refused';
    throw error;
  }
  const { head, bytes: bodyBytes, tooLong } = parser;
  const isComplete = parser.complete || parser.end();
  // Of an answer without end, how much of it had been read is nobody's affair.
  if (!isComplete) return `incomplete with status ${head.status}`;
  const kept = parser.keptBody();
  return JSON.stringify({
    ...head,
    used,
    bodyBytes,
    tooLong,
    kept: kept.subarray(0, 500).toString('latin1'),
  });
}
