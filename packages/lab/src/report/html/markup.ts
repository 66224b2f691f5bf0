import type { Point, Stat } from '@servelab/core';
import { inlineSvg, type Picture } from '../charts/picture.js';
import { escapeText, node } from '../charts/svg.js';
import { intervalWords, valueWords } from '../point-table.js';

/** One section of the page. */
export interface Panel {
  readonly id: string;
  readonly title: string;
  /** Markup; an empty body leaves the panel out. */
  readonly body: string;
}

export function panelMarkup({ id, title, body }: Panel): string {
  return node(
    'section',
    { id, 'aria-labelledby': `${id}-h` },
    node('h2', { id: `${id}-h` }, escapeText(title)),
    body,
  );
}

export interface TableOptions {
  /** Read out by a screen reader, and the name of the scrolling region. */
  readonly caption: string;
  /** Markup. */
  readonly header: readonly string[];
  /** Markup; the first cell heads its row. */
  readonly rows: readonly (readonly string[])[];
  /** On what all figures rest, or those of each row; see `statMarkup`. */
  readonly restOn?: string | readonly string[];
  /** How many columns at the left hold words, not figures. */
  readonly wordColumns?: number;
}

export function tableMarkup({ caption, header, rows, restOn, wordColumns = 1 }: TableOptions): string {
  const kind = (column: number) => (column < wordColumns ? 'w' : undefined);
  const head = header.map((cell, column) => node('th', { scope: 'col', class: kind(column) }, cell));
  const body = rows.map((row, position) =>
    node(
      'tr',
      { 'data-of': typeof restOn === 'string' ? undefined : restOn?.[position] },
      ...row.map((cell, column) =>
        column === 0 ? node('th', { scope: 'row' }, cell) : node('td', { class: kind(column) }, cell),
      ),
    ),
  );
  const table = node(
    'table',
    { 'data-of': typeof restOn === 'string' ? restOn : undefined },
    node('caption', { class: 'unseen' }, escapeText(caption)),
    node('thead', {}, node('tr', {}, ...head)),
    node('tbody', {}, ...body),
  );
  return node('div', { class: 'scroll', role: 'region', tabindex: '0', 'aria-label': caption }, table);
}

/** A picture with its title, and the figures behind it for whoever does not see it. */
export function figureMarkup(picture: Picture, table: string): string {
  const data = table === '' ? '' : node('details', {}, node('summary', {}, 'The figures'), table);
  return node(
    'figure',
    {},
    node('figcaption', {}, escapeText(picture.title)),
    node(
      'div',
      { class: 'scroll', role: 'region', tabindex: '0', 'aria-label': picture.title },
      inlineSvg(picture),
    ),
    data,
  );
}

/** On how much a figure rests. */
export const restsOn = (repeats: number): string => `Mean of ${repeats} repeat${repeats === 1 ? '' : 's'}`;

/** The same for all figures of a point, for the row that they stand in. */
export const pointWords = ({ repeats, samples }: Point): string =>
  `${restsOn(repeats.length)}, ${samples} requests`;

/**
 * A figure that leads to its definition and says on how much it rests.
 *
 * @param repeats what the words of its row or table say; only what is different is added to them
 */
export function statMarkup(stat: Stat, definition: string, repeats: number): string {
  if (stat.value === null) {
    return node(
      'a',
      { href: '#def-samples', class: 'none', 'data-tip': 'Too few samples to support this figure' },
      '–',
    );
  }
  const fewer = stat.n === repeats ? '' : `; this one of ${stat.n} repeats`;
  const bound = stat.censored ? '; a lower bound: some requests timed out' : '';
  const interval = intervalWords(stat);
  return node(
    'a',
    { href: `#def-${definition}`, 'data-more': fewer + bound || undefined },
    escapeText(valueWords(stat)),
    interval === '' ? '' : node('small', {}, escapeText(interval)),
  );
}

export const definitionLink = (id: string, words: string): string =>
  node('a', { href: `#def-${id}`, class: 'def' }, escapeText(words));

export const paragraph = (words: string, kind?: string): string =>
  node('p', { class: kind }, escapeText(words));

/** Distance between pieces of text that a screen reader should not run together. */
export const statusPill = (status: string): string => {
  const tone = status.startsWith('VALID') ? 'good' : status === 'SATURATED' ? 'warn' : 'bad';
  return node('span', { class: `pill ${tone}` }, escapeText(status.replace('_', ' ')));
};
