import { excerpt } from '@servelab/core';

const LONGEST_SHOWN = 40;

/** The peer sent something that is not an HTTP/1.1 answer. */
export class MalformedAnswer extends Error {
  override readonly name = 'MalformedAnswer';
}

/** What a peer has sent, for a message: short, in quotes, and nothing that a terminal would obey. */
export const shownValue = (text: string): string => `"${excerpt(text, LONGEST_SHOWN)}"`;
