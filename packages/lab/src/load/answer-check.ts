import { excerpt, usageError } from '@servelab/core';
import { type JsonValue, query } from 'jsonpath-rfc9535';
import type { AnswerFault } from '../adapters/answer-fault.js';
import { readJson } from '../adapters/read-json.js';

/** What an answer must have: something at this JSONPath (RFC 9535) and, unless `value` is null, that it equals. */
export interface AnswerCheck {
  readonly path: string;
  /** As words: `0.9` equals the number 0.9 and the text "0.9". */
  readonly value: string | null;
}

const LONGEST_SHOWN = 60;

/**
 * @returns what is wrong with an answer, null for a right one
 * @throws UserError (exit code 2) at once for a path that is not a valid JSONPath
 */
export function answerCheck({
  path,
  value,
}: AnswerCheck): (body: Buffer, contentEncoding?: string) => AnswerFault | null {
  requirePath(path);
  const wanted = value === null ? 'a value' : JSON.stringify(value);
  return (body, contentEncoding) => {
    const { json, fault } = readJson(body, contentEncoding);
    if (fault !== null) return fault;
    try {
      const found = query(json as JsonValue, path);
      if (found.some((one) => value === null || equals(one, value))) return null;
      const [first] = found;
      const instead = first === undefined ? 'nothing is there' : `not ${shown(first)}`;
      return { reason: `${wanted} expected at ${path}, ${instead}` };
    } catch (error) {
      // JSON has no limit to its depth, and the stack has one.
      if (!(error instanceof RangeError)) throw error;
      return { reason: 'the answer is nested too deeply to be searched' };
    }
  };
}

function requirePath(path: string): void {
  try {
    query(null, path);
  } catch (error) {
    throw usageError(
      `"${path}" is not a valid JSONPath: ${(error as Error).message}`,
      'Write it as RFC 9535 has it, such as $.predictions[0].class.',
    );
  }
}

function equals(found: JsonValue, value: string): boolean {
  if (typeof found === 'number') return value.trim() !== '' && Number(value) === found;
  return (found === null || typeof found !== 'object') && String(found) === value;
}

const shown = (found: JsonValue): string => excerpt(JSON.stringify(found), LONGEST_SHOWN);
