import type { TimelineBin } from '../../analyse/timeline.js';
import { digits } from '../../text/figure-words.js';
import { loadLabel } from '../../text/load-label.js';
import { verdictWords } from '../charts/forest.js';
import type { Picture } from '../charts/picture.js';
import { escapeText } from '../charts/svg.js';
import { STAGES } from '../charts/time-budget-bars.js';
import type { DrawnWorkload } from '../pictures.js';
import { detailOf, type RunView } from '../run-view.js';
import {
  figureMarkup,
  type Panel,
  paragraph,
  pointWords,
  restsOn,
  statMarkup,
  tableMarkup,
} from './markup.js';

export function differencesPanel(view: RunView, drawn: readonly DrawnWorkload[]): Panel {
  const body = drawn.flatMap(({ workload, pictures }) => {
    const shown = view.report.comparisons.filter((one) => one.workload === workload.workload);
    const repeats = Math.max(0, ...shown.map(({ difference_pct }) => difference_pct.n));
    const rows = shown.map((one) => [
      escapeText(`${one.a} vs ${one.b}`),
      escapeText(`${loadLabel(one.load)}, ${one.metric}`),
      statMarkup(one.difference_pct, 'difference', repeats),
      escapeText(verdictWords(one)),
    ]);
    const table = tableMarkup({
      caption: `Differences of ${workload.workload}`,
      header: ['Pair', 'Load and figure', 'Difference, %', 'Verdict'],
      rows,
      restOn: restsOn(repeats),
      wordColumns: 2,
    });
    return [
      ...pictures.differences.map((picture) => figureMarkup(picture, '')),
      rows.length === 0 ? '' : asDetails(table),
    ];
  });
  const note =
    'Each pair, paired by repeat, with the 95 % interval of the difference. The shaded band is ±3 %: a difference inside it is of no practical interest. An interval that crosses zero names no winner.';
  return withNote({ id: 'differences', title: 'Differences', body: body.join('') }, note);
}

export function loadPanel(_view: RunView, drawn: readonly DrawnWorkload[]): Panel {
  const body = drawn.flatMap(({ pictures }) => pictures.load.map((picture) => figureMarkup(picture, '')));
  const note =
    'Under open load, requests come at their scheduled moments whatever the server does; latency runs from those moments. Hollow marks: the stack is saturated. Under closed load, a fixed number of users each wait for their answer. The figures are in the table above.';
  return withNote({ id: 'load', title: 'Latency and goodput under load', body: body.join('') }, note);
}

export function percentilesPanel(view: RunView, drawn: readonly DrawnWorkload[]): Panel {
  const body = drawn.flatMap(({ workload, pictures }) => {
    const [group] = workload.headlines;
    if (group === undefined) return [];
    const rows = group.entries.map(({ stack, point }) => [
      escapeText(stack),
      ...[
        point.latency_ms.p50,
        point.latency_ms.p90,
        point.latency_ms.p95,
        point.latency_ms.p99,
        point.latency_ms.p99_9,
      ].map((stat) => statMarkup(stat, 'latency', point.repeats.length)),
      digits(100 * (detailOf(view, group, stack)?.curve.supported ?? 0)),
    ]);
    const table = tableMarkup({
      caption: `Percentiles of ${workload.workload}`,
      header: ['Stack', 'p50, ms', 'p90, ms', 'p95, ms', 'p99, ms', 'p99.9, ms', 'samples support p'],
      rows,
      restOn: group.entries.map(({ point }) => pointWords(point)),
    });
    return pictures.percentiles.map((picture) => figureMarkup(picture, table));
  });
  const note =
    'All repeats together. Each nine of the scale takes the same width, so that the tail can be seen; every curve ends where its samples no longer support it.';
  return withNote({ id: 'percentiles', title: 'Percentiles', body: body.join('') }, note);
}

export function timelinePanel(view: RunView, drawn: readonly DrawnWorkload[]): Panel {
  const body = drawn.flatMap(({ workload, pictures }) => {
    const details = workload.headlines
      .slice(0, 1)
      .flatMap((group) => group.entries.flatMap(({ stack }) => detailOf(view, group, stack) ?? []));
    return pictures.timelines.map((picture, i) =>
      figureMarkup(picture, timelineTable(picture, details[i]?.timeline.bins ?? [])),
    );
  });
  const note = 'One repeat of each stack; the shaded warm-up is measured but not counted.';
  return withNote({ id: 'timeline', title: 'Timeline', body: body.join('') }, note);
}

/** Every sixth slice: enough to follow the course without the picture. */
function timelineTable(picture: Picture, bins: readonly TimelineBin[]): string {
  const rows = bins
    .filter((_, i) => i % 6 === 3)
    .map(({ atS, arrivalsRps, completionsRps, errorsRps, inFlight, batchSize }) =>
      [atS, arrivalsRps, completionsRps, errorsRps, inFlight, batchSize].map((value) =>
        value === null ? '–' : digits(value),
      ),
    );
  return tableMarkup({
    caption: picture.title,
    header: ['Second', 'Arrivals/s', 'Completions/s', 'Errors/s', 'In flight', 'Images a batch'],
    rows,
  });
}

export function timeBudgetPanel(view: RunView, drawn: readonly DrawnWorkload[]): Panel {
  const body = drawn.flatMap(({ workload, pictures }) => {
    const rows = workload.headlines.flatMap((group) =>
      group.entries.flatMap(({ stack }) => {
        const budget = detailOf(view, group, stack)?.budget ?? null;
        if (budget === null) return [];
        const stages = STAGES.map(({ key }) => (budget[key] === null ? '–' : digits(budget[key] ?? 0)));
        return [[escapeText(`${stack}, ${loadLabel(group.load)}`), ...stages]];
      }),
    );
    const table = tableMarkup({
      caption: `Where the time goes, ${workload.workload}, ms`,
      header: ['Stack and load', ...STAGES.map(({ words }) => words)],
      rows,
    });
    return pictures.timeBudget.map((picture) => figureMarkup(picture, table));
  });
  const note = 'From the client’s records and the server’s batch journal; waiting is an upper bound.';
  return withNote({ id: 'time', title: 'Where the time goes', body: body.join('') }, note);
}

function withNote(panel: Panel, note: string): Panel {
  return panel.body === '' ? panel : { ...panel, body: paragraph(note, 'note') + panel.body };
}

const asDetails = (table: string): string => `<details><summary>The figures</summary>${table}</details>`;
