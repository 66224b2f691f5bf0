import type { Report, StackResult } from '@servelab/core';
import { type AttributionChain, attributionChains } from '../analyse/attribution.js';
import { groupByLoad, type LoadGroup } from '../analyse/compare-stacks.js';
import { type Headlines, headlinesOf, mainWorkload } from '../analyse/headline-loads.js';
import type { PointDetail } from '../analyse/point-detail.js';
import { stackCautions } from '../analyse/stack-cautions.js';
import type { RunManifest } from '../record/run-folder.js';
import { loadKey } from '../text/load-label.js';
import { cautionReason } from '../text/reasons.js';
import { type Styles, seriesStyles } from './charts/series-style.js';

/** All that a report is drawn from: one result model for the page, Markdown, pictures and the terminal. */
export interface RunView {
  readonly manifest: RunManifest;
  readonly report: Report;
  readonly details: readonly PointDetail[];
  readonly styles: Styles;
  /** The main one first. */
  readonly workloads: readonly WorkloadView[];
}

export interface WorkloadView {
  readonly workload: string;
  readonly stacks: readonly StackResult[];
  readonly groups: readonly LoadGroup[];
  /** The loads that decide, by runtime and precision: highest sustained open rate, highest closed level. */
  readonly sets: readonly Headlines[];
  /** The same loads, of all sets. */
  readonly headlines: readonly LoadGroup[];
  /** What differences are made of, at the loads that all stacks have met: closed levels. */
  readonly chains: readonly AttributionChain[];
}

/** Chains of one step are in the table of differences already. */
const FEWEST_STEPS = 2;

export function runView(manifest: RunManifest, report: Report, details: readonly PointDetail[]): RunView {
  const groups = groupByLoad(report.stacks);
  const main = mainWorkload(groups, manifest.workloads);
  const names = [...new Set(report.stacks.map(({ workload }) => workload))];
  const workloads = names
    .sort((x, y) => Number(y === main) - Number(x === main))
    .map((workload) => {
      const sets = headlinesOf(report.stacks, groups, workload);
      const ofWorkload = groups.filter((group) => group.workload === workload);
      return {
        workload,
        sets,
        headlines: sets.flatMap((set) => set.groups),
        stacks: report.stacks.filter((stack) => stack.workload === workload),
        groups: ofWorkload,
        chains: ofWorkload
          .filter(({ load }) => load.mode === 'closed')
          .flatMap((group) => attributionChains(group, report.stacks))
          .filter(({ steps }) => steps.length >= FEWEST_STEPS),
      };
    });
  return {
    manifest,
    report,
    details,
    styles: seriesStyles(report.stacks.map(({ name }) => name)),
    workloads,
  };
}

export function detailOf(
  view: RunView,
  { workload, load }: LoadGroup,
  stack: string,
): PointDetail | undefined {
  return view.details.find(
    (detail) =>
      detail.workload === workload && detail.stack === stack && loadKey(detail.load) === loadKey(load),
  );
}

/** Warnings that stand above everything else. */
export function banners({ manifest }: RunView): string[] {
  const lines: string[] = [];
  if (manifest.model.synthetic) lines.push('Synthetic weights: timings are real, answers are not.');
  if (manifest.corpus.generated) lines.push('Generated images: no photographs were at hand.');
  if (manifest.interrupted) {
    lines.push('Interrupted before it was finished: the figures are of what was measured until then.');
  }
  if (!manifest.pinned)
    lines.push('Server and client had no cores of their own: differences may be the machine’s.');
  for (const caution of stackCautions(manifest)) {
    const { text } = cautionReason(caution);
    lines.push(`${text[0]?.toUpperCase()}${text.slice(1)}.`);
  }
  return lines;
}
