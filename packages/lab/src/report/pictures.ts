import type { Point } from '@servelab/core';
import type { LoadGroup } from '../analyse/compare-stacks.js';
import { groupsAmong } from '../analyse/equal-conditions.js';
import { parseSlo } from '../analyse/slo.js';
import { loadLabel } from '../text/load-label.js';
import { attributionPictures, type ChainPicture } from './attribution-pictures.js';
import { batchCost } from './charts/batch-cost.js';
import { batchSizes } from './charts/batch-sizes.js';
import { loadCurve } from './charts/load-curve.js';
import { percentileCurve } from './charts/percentile-curve.js';
import type { Picture } from './charts/picture.js';
import { statRows } from './charts/stat-rows.js';
import { timeBudgetBars } from './charts/time-budget-bars.js';
import { timelineCeiling, timelineStrips } from './charts/timeline-strips.js';
import { differencePictures } from './difference-pictures.js';
import { detailOf, type RunView, type WorkloadView } from './run-view.js';

/** The pictures of one workload, by the panel they belong to; empty where there is nothing to show. */
export interface WorkloadPictures {
  readonly differences: readonly Picture[];
  readonly load: readonly Picture[];
  readonly percentiles: readonly Picture[];
  readonly timelines: readonly Picture[];
  readonly batchCost: readonly Picture[];
  readonly batchSizes: readonly Picture[];
  readonly timeBudget: readonly Picture[];
  readonly attribution: readonly ChainPicture[];
}

/** A workload with its pictures, drawn once for all reports. */
export interface DrawnWorkload {
  readonly workload: WorkloadView;
  readonly pictures: WorkloadPictures;
}

export const drawWorkloads = (view: RunView): readonly DrawnWorkload[] =>
  view.workloads.map((workload) => ({ workload, pictures: workloadPictures(view, workload) }));

export const allPictures = (pictures: WorkloadPictures): readonly Picture[] => Object.values(pictures).flat();

function workloadPictures(view: RunView, workload: WorkloadView): WorkloadPictures {
  const title = (words: string) => `${words}, ${workload.workload}`;
  const name = (words: string) => `${words}-${workload.workload}`.replace(/[^a-z0-9]+/gi, '-').toLowerCase();
  return {
    differences: differencePictures(view, workload, name),
    load: [...openPictures(view, workload, name, title), ...closedPictures(view, workload, name, title)],
    percentiles: workload.headlines.slice(0, 1).flatMap((group) => {
      const curves = group.entries.flatMap(({ stack }) => {
        const detail = detailOf(view, group, stack);
        return detail === undefined || detail.curve.steps.length === 0
          ? []
          : [{ stack, curve: detail.curve }];
      });
      const heading = title(`Latency by percentile at ${loadLabel(group.load)}`);
      return curves.length === 0
        ? []
        : [percentileCurve({ name: name('percentiles'), title: heading, curves }, view.styles)];
    }),
    timelines: workload.headlines.slice(0, 1).flatMap((group) => timelines(view, group, name)),
    batchCost: costPicture(view, workload, name('batch-cost'), title('What a batch costs an image')),
    batchSizes: sizesPicture(view, workload, name('batch-sizes'), title('Batch sizes')),
    timeBudget: budgetPicture(view, workload, name('time-budget'), title('Where the time goes')),
    attribution: attributionPictures(workload, name),
  };
}

type Naming = (words: string) => string;

/** One for each set of stacks that meet the same rates. */
function openPictures(view: RunView, workload: WorkloadView, name: Naming, title: Naming): Picture[] {
  const { sets } = workload;
  if (sets.length < 2) return openPicture(view, workload, name, title);
  return sets.flatMap(({ among }) => {
    const part = {
      ...workload,
      groups: groupsAmong(workload.groups, among),
      stacks: workload.stacks.filter((stack) => among.names.includes(stack.name)),
    };
    return openPicture(
      view,
      part,
      (words) => name(`${words}-${among.words}`),
      (words) => title(`${words}, ${among.words}`),
    );
  });
}

/** Latency against offered rate; with a single rate, percentiles side by side, as a line needs two points. */
function openPicture(view: RunView, workload: WorkloadView, name: Naming, title: Naming): Picture[] {
  const groups = workload.groups.filter(({ load }) => load.mode === 'open');
  const [only] = groups;
  if (only === undefined) return [];
  const slo = view.report.slo === undefined ? null : parseSlo(view.report.slo);
  const limit = slo === null ? {} : { limit: { value: slo.limitMs, words: `SLO ${slo.text}` } };
  if (groups.length === 1) {
    const heading = title(`Latency at ${loadLabel(only.load)} offered`);
    const rows = only.entries.map(({ stack, point }) => ({
      stack,
      saturated: point.verdict.status === 'SATURATED',
      stats: [
        { label: 'p50', stat: point.latency_ms.p50, emphasised: false },
        { label: 'p95', stat: point.latency_ms.p95, emphasised: true },
        { label: 'p99', stat: point.latency_ms.p99, emphasised: false },
      ],
    }));
    const options = {
      name: name('latency-rate'),
      title: heading,
      xTitle: 'latency, ms',
      unit: 'ms',
      rows,
      ...limit,
    };
    return [statRows(options, view.styles)];
  }
  const options = {
    name: name('latency-rate'),
    title: title('p95 latency against offered rate'),
    xTitle: 'offered, req/s',
    yTitle: 'p95 latency, ms',
    unit: 'ms',
    series: seriesOf(workload, 'open', (point) => point.latency_ms.p95),
    ...limit,
  };
  return [loadCurve(options, view.styles)];
}

function closedPictures(view: RunView, workload: WorkloadView, name: Naming, title: Naming): Picture[] {
  const groups = workload.groups.filter(({ load }) => load.mode === 'closed');
  const [only] = groups;
  if (only === undefined) return [];
  if (groups.length === 1) {
    const heading = title(`Goodput at ${loadLabel(only.load)}`);
    const rows = only.entries.map(({ stack, point }) => ({
      stack,
      saturated: false,
      stats: [{ label: '', stat: point.goodput_rps, emphasised: true }],
    }));
    return [
      statRows(
        { name: name('goodput-level'), title: heading, xTitle: 'goodput, req/s', unit: 'req/s', rows },
        view.styles,
      ),
    ];
  }
  const options = {
    name: name('goodput-level'),
    title: title('Goodput against requests at a time'),
    xTitle: 'requests at a time',
    yTitle: 'goodput, req/s',
    unit: 'req/s',
    series: seriesOf(workload, 'closed', (point) => point.goodput_rps),
  };
  return [loadCurve(options, view.styles)];
}

function seriesOf(
  { stacks }: WorkloadView,
  mode: 'open' | 'closed',
  stat: (point: Point) => Point['goodput_rps'],
) {
  return stacks.map((stack) => ({
    stack: stack.name,
    points: stack.points
      .filter(({ load, verdict }) => load.mode === mode && verdict.status !== 'INVALID')
      .map((point) => ({
        load: point.load,
        x: point.load.rate_rps ?? point.load.concurrency ?? 0,
        stat: stat(point),
        saturated: point.verdict.status === 'SATURATED',
      }))
      .sort((a, b) => a.x - b.x),
  }));
}

function timelines(view: RunView, group: LoadGroup, name: Naming): Picture[] {
  const found = group.entries.flatMap(({ stack }) => detailOf(view, group, stack) ?? []);
  const ceiling = timelineCeiling(found.map(({ timeline }) => timeline));
  return found.map(({ stack, timeline }) =>
    timelineStrips({
      name: name(`timeline-${stack}`),
      title: `${stack} at ${loadLabel(group.load)}`,
      style: view.styles(stack),
      timeline,
      ceiling,
    }),
  );
}

function costPicture(view: RunView, { stacks }: WorkloadView, name: string, title: string): Picture[] {
  const costs = stacks.flatMap(({ name: stack, batch_cost_ms }) => {
    const costMs = new Map(Object.entries(batch_cost_ms ?? {}).map(([size, ms]) => [Number(size), ms]));
    return costMs.size === 0 ? [] : [{ stack, costMs }];
  });
  return costs.length === 0 ? [] : [batchCost({ name, title, costs }, view.styles)];
}

function sizesPicture(view: RunView, { headlines }: WorkloadView, name: string, title: string): Picture[] {
  const rows = headlines.flatMap(({ load, entries }) =>
    entries
      .filter(({ point }) => point.batch_size.mean !== null)
      .map(({ stack, point }) => ({ stack, load: loadLabel(load), histogram: point.batch_size.histogram })),
  );
  return rows.length === 0 ? [] : [batchSizes({ name, title, rows }, view.styles)];
}

function budgetPicture(view: RunView, { headlines }: WorkloadView, name: string, title: string): Picture[] {
  const rows = headlines.flatMap((group) =>
    group.entries.flatMap(({ stack }) => {
      const budget = detailOf(view, group, stack)?.budget ?? null;
      return budget === null ? [] : [{ stack, load: loadLabel(group.load), budget }];
    }),
  );
  return rows.length === 0 ? [] : [timeBudgetBars({ name, title, rows })];
}
