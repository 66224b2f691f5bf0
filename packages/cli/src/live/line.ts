import { styleText } from 'node:util';
import { visibleText } from '@servelab/core';

/** What a colour may say; the words say it too. */
export type Tone = 'good' | 'bad';

/** A stretch of text of one tone, without control characters, each character one cell wide. */
export interface Span {
  readonly text: string;
  readonly tone?: Tone;
}
export type Line = readonly Span[];

const COLOURS = { good: 'green', bad: 'red' } as const satisfies Record<Tone, string>;

export const textOf = (line: Line): string => line.map(({ text }) => text).join('');

/** As much of a line as fits; `…` stands for what does not. */
export function fit(line: Line, columns: number): Line {
  if (textOf(line).length <= columns) return line;
  const kept: Span[] = [];
  let left = Math.max(0, columns - 1);
  for (const span of line) {
    if (left === 0) break;
    kept.push({ ...span, text: span.text.slice(0, left) });
    left -= kept.at(-1)?.text.length ?? 0;
  }
  return [...kept, { text: columns > 0 ? '…' : '' }];
}

export function paint(line: Line, colours: boolean): string {
  return line
    .map(({ text: words, tone }) => {
      const text = visibleText(words);
      // Whether colours are wanted was asked of the stream that is drawn on; Node would ask standard output.
      return tone === undefined || !colours
        ? text
        : styleText(COLOURS[tone], text, { validateStream: false });
    })
    .join('');
}
