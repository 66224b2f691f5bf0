import type { Point } from '@servelab/core';
import type { LoadGroup } from '../../analyse/compare-stacks.js';
import { rankStacks } from '../../analyse/rank-stacks.js';
import { loadKey, loadLabel } from '../../text/load-label.js';
import { type CapacityColumn, capacityColumn } from '../capacity-column.js';
import { escapeText, node } from '../charts/svg.js';
import { COLUMNS, errorWords } from '../point-table.js';
import type { RunView } from '../run-view.js';
import { definitionLink, type Panel, pointWords, statMarkup, statusPill, tableMarkup } from './markup.js';

export function figuresPanel(view: RunView): Panel {
  const body = view.workloads
    .flatMap(({ workload, stacks, groups }) =>
      groups.map(
        (group) =>
          node('h3', {}, escapeText(`${workload}, ${loadLabel(group.load)}`)) +
          groupTable(view, group, capacityColumn(stacks)),
      ),
    )
    .join('');
  const note = node(
    'p',
    { class: 'note' },
    'Means over repeats, with ',
    definitionLink('interval', '95 % intervals'),
    ' below; stacks with the same ',
    definitionLink('rank', 'rank'),
    ' are not told apart. A dash: ',
    definitionLink('samples', 'too few samples'),
    '.',
  );
  return { id: 'figures', title: 'Figures', body: body === '' ? '' : note + body };
}

function groupTable(
  { report, styles }: RunView,
  { workload, load, entries }: LoadGroup,
  capacity: CapacityColumn | null,
): string {
  const comparisons = report.comparisons.filter(
    (one) => one.workload === workload && loadKey(one.load) === loadKey(load),
  );
  const ranking = rankStacks(
    entries.map(({ stack }) => stack),
    comparisons,
  );
  const rankOf = (stack: string) => ranking.findIndex((names) => names.includes(stack)) + 1;
  const header = [
    'Stack',
    definitionLink('rank', 'Rank'),
    ...COLUMNS.map(({ title, unit, definition }) => definitionLink(definition, `${title}, ${unit}`)),
    definitionLink('errors', 'Errors'),
    ...(capacity === null ? [] : [definitionLink('capacity', capacity.title)]),
  ];
  const ranked = [...entries].sort((a, b) => rankOf(a.stack) - rankOf(b.stack));
  const rows = ranked.map(({ stack, point }) => [
    stackCell(styles(stack).colour, stack, point),
    point.verdict.status === 'INVALID' ? '–' : String(rankOf(stack)),
    ...COLUMNS.map(({ stat, definition }) => statMarkup(stat(point), definition, point.repeats.length)),
    escapeText(errorWords(point)),
    ...(capacity === null ? [] : [escapeText(capacity.words(stack))]),
  ]);
  return tableMarkup({
    caption: `Figures of ${workload} at ${loadLabel(load)}`,
    header,
    rows,
    restOn: ranked.map(({ point }) => pointWords(point)),
  });
}

/** The name, and what is the matter with the point where anything is. */
function stackCell(colour: string, stack: string, { verdict }: Point): string {
  const name = node(
    'span',
    { class: 'stack' },
    node('span', { class: `swatch ${colour}` }, ''),
    escapeText(stack),
  );
  if (verdict.status === 'VALID') return name;
  return `${name} ${node('a', { href: '#def-saturated', 'data-tip': verdict.reasons.join('; ') }, statusPill(verdict.status))}`;
}
