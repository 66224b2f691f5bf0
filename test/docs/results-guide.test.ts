import type { CheckId, ReasonId } from '@servelab/core';
import type { Tokens } from 'marked';
import { expect, it } from 'vitest';
import { CHECK_TEXT } from '../../packages/lab/src/text/checks.js';
import { type Reason, saturationReason, UNPINNED } from '../../packages/lab/src/text/reasons.js';
import { blocksOf, textOf } from './pages.js';

const GUIDE = 'docs/results-guide.md';
const CHECK_IDS = (Object.keys(CHECK_TEXT) as CheckId[]).filter((id) => id !== 'unknown');
const isCheckId = (id: string): id is CheckId => Object.hasOwn(CHECK_TEXT, id);

const OTHER_REASONS: readonly Reason[] = [
  UNPINNED,
  saturationReason({ id: 'completions-behind', completions: 49, arrivals: 125 }),
  saturationReason({ id: 'growing-backlog', growth: 38 }),
  saturationReason({ id: 'unanswered-requests', scheduled: 125, rejected: 0, timed_out: 63, incomplete: 0 }),
];

/** Figures are open: those of one run stand for those of another. */
const withoutFigures = (text: string) => text.replaceAll(/\d[\d.,]*/g, '#');

/** Whether a line is what the lab prints for this reason. */
function isText(line: string, id: string): boolean {
  if (isCheckId(id)) {
    const { title } = CHECK_TEXT[id];
    return line.startsWith(`${title}: `) || line.startsWith(`failed check: ${title} (`);
  }
  const text = OTHER_REASONS.find((reason) => reason.id === id)?.text;
  return text !== undefined && withoutFigures(line) === withoutFigures(text);
}

interface Section {
  readonly title: string;
  readonly ids: readonly string[];
  readonly lines: readonly string[];
}

/** Sections under "Runs that do not count": the ids of their first paragraph, and the lines that they quote. */
function sections(): Section[] {
  const tokens = blocksOf(GUIDE);
  const found: { title: string; ids: string[]; lines: string[] }[] = [];
  let inside = false;
  for (const token of tokens) {
    if (token.type === 'heading') {
      const { depth, text } = token as Tokens.Heading;
      if (depth === 2) inside = text === 'Runs that do not count';
      else if (inside) found.push({ title: text, ids: [], lines: [] });
    }
    const section = found.at(-1);
    if (!inside || section === undefined) continue;
    if (token.type === 'code') section.lines.push(...(token as Tokens.Code).text.split('\n'));
    if (token.type === 'paragraph' && section.lines.length === 0) {
      section.ids.push(
        ...[...(token as Tokens.Paragraph).text.matchAll(/`([a-z0-9-]+)`/g)].map(([, id = '']) => id),
      );
    }
  }
  return found;
}

it('quotes in each section what the lab prints for the ids that it names', () => {
  const all = sections();
  expect(all).toHaveLength(9);
  for (const { title, ids, lines } of all) {
    expect(ids, title).not.toEqual([]);
    for (const line of lines)
      expect(
        ids.some((id) => isText(line, id)),
        `${title}: ${line}`,
      ).toBe(true);
  }
});

it('names ids that there are', () => {
  const known: readonly string[] = [...CHECK_IDS, ...OTHER_REASONS.map(({ id }): ReasonId => id)];
  expect(sections().flatMap(({ ids }) => ids.filter((id) => !known.includes(id)))).toEqual([]);
});

it('has the limit of every check on the page of the method', () => {
  const method = textOf('docs/method.md');
  expect(CHECK_IDS.filter((id) => !method.includes(`| \`${id}\` | `))).toEqual([]);
});
