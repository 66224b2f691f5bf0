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
  /** How many columns at the left hold words, not figures. */
  readonly wordColumns?: number;
}

export function tableMarkup({ caption, header, rows, wordColumns = 1 }: TableOptions): string {
  const kind = (column: number) => (column < wordColumns ? 'w' : undefined);
  const head = header.map((cell, column) => node('th', { scope: 'col', class: kind(column) }, cell));
  const body = rows.map((row) =>
    node(
      'tr',
      {},
      ...row.map((cell, column) =>
        column === 0
          ? node('th', { scope: 'row', class: 'w' }, cell)
          : node('td', { class: kind(column) }, cell),
      ),
    ),
  );
  const table = node(
    'table',
    {},
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

/** A figure that leads to its definition and says on how much it rests. */
export function statMarkup(stat: Stat, definition: string, point?: Point): string {
  if (stat.value === null) {
    return node(
      'a',
      { href: '#def-samples', class: 'num none', 'data-tip': 'Too few samples to support this figure' },
      '–',
    );
  }
  const requests = point === undefined ? '' : `, ${point.samples} requests`;
  const bound = stat.censored ? '; a lower bound: some requests timed out' : '';
  const tip = `Mean of ${stat.n} repeat${stat.n === 1 ? '' : 's'}${requests}${bound}`;
  const interval = intervalWords(stat);
  return node(
    'a',
    { href: `#def-${definition}`, class: 'num', 'data-tip': tip },
    escapeText(valueWords(stat)),
    interval === '' ? '' : node('span', { class: 'ci' }, escapeText(interval)),
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
