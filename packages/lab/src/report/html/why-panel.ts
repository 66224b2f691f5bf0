import { digits } from '../../text/figure-words.js';
import { loadLabel } from '../../text/load-label.js';
import { escapeText, node } from '../charts/svg.js';
import type { DrawnWorkload } from '../pictures.js';
import type { RunView } from '../run-view.js';
import { costWords, reasonWords, sizeWords } from '../why-words.js';
import { figureMarkup, type Panel, paragraph, tableMarkup } from './markup.js';

/** Why a policy is fast or slow here: what batches cost, how large they were, and what made them fire. */
export function whyPanel({ styles }: RunView, drawn: readonly DrawnWorkload[]): Panel {
  const body = drawn.flatMap(({ workload, pictures }) => {
    const articles = workload.stacks.flatMap((stack) => {
      const said = workload.headlines.flatMap(({ load, entries }) => {
        const point = entries.find((entry) => entry.stack === stack.name)?.point;
        const words =
          point === undefined ? [] : [sizeWords(point), reasonWords(point)].filter((one) => one !== null);
        return words.length === 0 ? [] : [`At ${loadLabel(load)}: ${words.join('. ')}.`];
      });
      const cost = costWords(stack);
      if (said.length === 0 && cost === null) return [];
      const heading = node(
        'h4',
        {},
        node('span', { class: `swatch ${styles(stack.name).colour}` }, ''),
        escapeText(stack.name),
      );
      return [
        node(
          'article',
          {},
          heading,
          ...[...(cost === null ? [] : [cost]), ...said].map((words) => paragraph(words)),
        ),
      ];
    });
    if (articles.length === 0) return [];
    return [
      node('h3', {}, escapeText(workload.workload)),
      node('div', { class: 'why' }, ...articles),
      ...pictures.batchCost.map((picture) => figureMarkup(picture, costTable(workload))),
      ...pictures.batchSizes.map((picture) => figureMarkup(picture, sizeTable(workload))),
    ];
  });
  const note =
    'What each policy did with the images that waited, by its own account, and what that was worth on this machine. A curve that falls to the right is what batching has to offer; a flat one leaves nothing to wait for.';
  return { id: 'why', title: 'Why', body: body.length === 0 ? '' : paragraph(note, 'note') + body.join('') };
}

function costTable({ workload, stacks }: DrawnWorkload['workload']): string {
  const sizes = [
    ...new Set(stacks.flatMap(({ batch_cost_ms }) => Object.keys(batch_cost_ms ?? {}).map(Number))),
  ].sort((a, b) => a - b);
  const rows = stacks.map(({ name, batch_cost_ms }) => [
    escapeText(name),
    ...sizes.map((size) => {
      const ms = batch_cost_ms?.[size];
      return ms === undefined ? '–' : digits(ms);
    }),
  ]);
  return tableMarkup({
    caption: `Mean inference time of a whole batch, ms, ${workload}`,
    header: ['Stack', ...sizes.map((size) => `batch of ${size}, ms`)],
    rows,
  });
}

function sizeTable({ workload, headlines }: DrawnWorkload['workload']): string {
  const points = headlines.flatMap(({ load, entries }) =>
    entries.map(({ stack, point }) => ({ stack, load, point })),
  );
  const sizes = [
    ...new Set(points.flatMap(({ point }) => Object.keys(point.batch_size.histogram).map(Number))),
  ].sort((a, b) => a - b);
  const rows = points.map(({ stack, load, point }) => [
    escapeText(`${stack}, ${loadLabel(load)}`),
    ...sizes.map((size) => String(point.batch_size.histogram[size] ?? 0)),
  ]);
  return tableMarkup({
    caption: `Batches by size, ${workload}`,
    header: ['Stack and load', ...sizes.map((size) => `of ${size}`)],
    rows,
  });
}
