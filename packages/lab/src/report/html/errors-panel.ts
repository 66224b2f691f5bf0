import { addCounts, knownCounts } from '../../analyse/outcome-counts.js';
import { digits } from '../../text/figure-words.js';
import { loadLabel } from '../../text/load-label.js';
import { escapeText, node } from '../charts/svg.js';
import type { RunView } from '../run-view.js';
import { definitionLink, type Panel, paragraph, tableMarkup } from './markup.js';

/** What went wrong, with an example of each kind, and proof that nothing was dropped. */
export function errorsPanel({ report, details }: RunView): Panel {
  const total = addCounts(
    report.stacks.flatMap(({ points }) => points.flatMap(({ counts }) => knownCounts(counts) ?? [])),
  );
  const { scheduled, ok, wrong, rejected, failed, timed_out, incomplete } = total;
  const holds = ok + wrong + rejected + failed + timed_out + incomplete === scheduled;
  const line = `${scheduled} scheduled = ${ok} ok + ${wrong} wrong + ${rejected} rejected + ${failed} failed + ${timed_out} timed out + ${incomplete} incomplete`;
  const conservation = node(
    'p',
    {},
    escapeText(line),
    ' ',
    node('b', { class: holds ? 'good' : 'bad' }, holds ? 'adds up' : 'does not add up'),
    ' (',
    definitionLink('errors', 'what the words mean'),
    ').',
  );
  const rows = details.flatMap(({ stack, workload, load, errors }) =>
    errors.map(({ outcome, status, reason, count, example }) => [
      escapeText(`${stack}, ${workload}, ${loadLabel(load)}`),
      escapeText(`${outcome.replace('_', ' ')}${status === null ? '' : `, status ${status}`}`),
      escapeText(
        [
          `repeat ${example.repeat}, request ${example.index}, at ${digits(example.atS)} s`,
          ...[reason, example.words].filter((words) => words !== ''),
        ].join(': '),
      ),
      String(count),
    ]),
  );
  const table =
    rows.length === 0
      ? paragraph('No errors.')
      : tableMarkup({
          caption: 'Errors by kind',
          header: ['Where', 'Kind', 'First example', 'Count'],
          rows,
          wordColumns: 3,
        });
  return { id: 'errors', title: 'Errors', body: conservation + table };
}
