import { excerpt } from '@servelab/core';
import type { AnswerFault } from './answer-fault.js';
import { decodeContent, UndecodableAnswer } from './decode-content.js';

/** Stands for bytes that are no text. */
const REPLACEMENT = '\ufffd';
const GZIP_AS_TEXT = `\u001f${REPLACEMENT}`;

export type JsonReading =
  | { readonly json: unknown; readonly fault: null }
  | { readonly json: undefined; readonly fault: AnswerFault };

/** As much of an answer is shown. */
export const LONGEST_EXAMPLE = 100;

const BYTE_ORDER_MARKS: readonly (readonly [encoding: string, mark: readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/**
 * The JSON of an answer: gzip, deflate and br are decoded, a byte-order mark decides the encoding of the text and is
 * left out.
 */
export function readJson(body: Buffer, contentEncoding = ''): JsonReading {
  let text: string;
  try {
    text = textOf(decodeContent(body, contentEncoding));
  } catch (error) {
    if (!(error instanceof UndecodableAnswer)) throw error;
    return { json: undefined, fault: { reason: error.message } };
  }
  try {
    return { json: JSON.parse(text), fault: null };
  } catch {
    return { json: undefined, fault: noJson(text) };
  }
}

/** The beginning of an answer, as an example; '' where there is nothing to read. */
export function beginningOf(body: Buffer, contentEncoding: string): string {
  try {
    return excerpt(textOf(decodeContent(body, contentEncoding, true)).trim(), LONGEST_EXAMPLE);
  } catch (error) {
    if (!(error instanceof UndecodableAnswer)) throw error;
    return '';
  }
}

function textOf(body: Buffer): string {
  const marked = BYTE_ORDER_MARKS.find(([, mark]) => mark.every((byte, at) => body[at] === byte));
  // Leaves the mark out.
  return marked === undefined ? body.toString('utf8') : new TextDecoder(marked[0]).decode(body);
}

function noJson(text: string): AnswerFault {
  const kind = kindOf(text.slice(0, LONGEST_EXAMPLE).trimStart());
  if (kind !== null) return { reason: `no JSON (${kind})` };
  return { reason: 'no JSON', example: excerpt(text.trim(), LONGEST_EXAMPLE) };
}

/** What it is instead, by how it begins; null where that does not tell. */
function kindOf(beginning: string): string | null {
  if (beginning === '') return 'empty';
  if (/^<(?:!doctype html|html|head|body)\b/i.test(beginning)) return 'HTML';
  if (/^<[?!a-z]/i.test(beginning)) return 'XML';
  if (beginning.startsWith(GZIP_AS_TEXT)) return 'gzip without Content-Encoding';
  const isText = beginning >= ' ' && !beginning.startsWith(REPLACEMENT);
  return isText ? null : 'bytes';
}
