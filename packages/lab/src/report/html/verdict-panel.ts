import { escapeText, node } from '../charts/svg.js';
import type { RunView } from '../run-view.js';
import { statusPill } from './markup.js';

/** What an engineer came for, above everything else. */
export function verdictPanel({ report, manifest }: RunView): string {
  const { status, sentence, reasons, ranking } = report.verdict;
  const tone = status === 'INVALID' ? 'bad' : status === 'VALID' ? 'good' : 'warn';
  const [headline = '', ...rest] = sentence.split(/(?<=\.) (?=On )/);
  const ranks = ranking.map((names, i) =>
    node('li', {}, node('b', {}, String(i + 1)), escapeText(names.join(' = '))),
  );
  const facts: [string, string][] = [
    ['Model', `${manifest.model.name}${manifest.model.synthetic ? ' (synthetic weights)' : ''}`],
    ['Images', `${manifest.corpus.images}, ${manifest.corpus.name}`],
    ['Repeats', String(1 + Math.max(-1, ...manifest.points.map(({ repeat }) => repeat)))],
    ['SLO', report.slo ?? 'none set'],
    ['Started', manifest.started_at.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')],
  ];
  return node(
    'section',
    { id: 'verdict', class: 'verdict', style: `--tone:var(--${tone})`, 'aria-labelledby': 'verdict-h' },
    statusPill(status),
    node('h1', { id: 'verdict-h' }, escapeText(headline)),
    ...rest.map((part) => node('p', { class: 'lead' }, escapeText(part))),
    reasons.length === 0
      ? ''
      : node('ul', { class: 'plain' }, ...reasons.map((reason) => node('li', {}, escapeText(reason)))),
    ranks.length === 0
      ? ''
      : node('ol', { class: 'ranks', 'aria-label': 'Ranking; names joined by = share a rank' }, ...ranks),
    node(
      'dl',
      { class: 'facts' },
      ...facts.map(([term, value]) =>
        node('div', {}, node('dt', {}, escapeText(term)), node('dd', {}, escapeText(value))),
      ),
    ),
  );
}
