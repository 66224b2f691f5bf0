import type { Comparison, Report } from '@servelab/core';
import type { LoadGroup } from '../../analyse/compare-stacks.js';
import { UNEQUAL } from '../../analyse/run-verdict.js';
import { groupSentence } from '../../analyse/verdict-sentence.js';
import { loadKey } from '../../text/load-label.js';
import { escapeText, node } from '../charts/svg.js';
import type { RunView } from '../run-view.js';
import { statusPill } from './markup.js';

/** What an engineer came for, above everything else. */
export function verdictPanel(view: RunView): string {
  const { report, manifest } = view;
  const { status, sentence, reasons, ranking } = report.verdict;
  const tone = status === 'INVALID' ? 'bad' : status === 'VALID' ? 'good' : 'warn';
  // The sentence opens with the outcome in a few words; what it rests on follows here one load a line.
  const headline = sentence.startsWith('On ') ? 'Measured' : (sentence.split(/ (?=On )/)[0] ?? sentence);
  const findings = view.workloads.flatMap(({ workload, sets }) =>
    sets.flatMap(({ among, groups }) => {
      const clauses = groups.map((group) =>
        node('li', {}, escapeText(sentenceCase(groupSentence(group, ofGroup(report, group))))),
      );
      return [
        node(
          'p',
          { class: 'kicker' },
          escapeText(sets.length > 1 ? `${workload}, ${among.words}` : workload),
        ),
        node('ul', { class: 'clauses' }, ...clauses),
      ];
    }),
  );
  const mixed = view.workloads.some(({ sets }) => sets.length > 1);
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
    ...findings,
    mixed ? node('p', {}, escapeText(UNEQUAL)) : '',
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

function ofGroup({ comparisons }: Report, { workload, load }: LoadGroup): Comparison[] {
  return comparisons.filter((one) => one.workload === workload && loadKey(one.load) === loadKey(load));
}

const sentenceCase = (clause: string): string => `${clause.charAt(0).toUpperCase()}${clause.slice(1)}.`;
