import type { Check, Comparison, Report, StackResult } from '@servelab/core';
import type { RunManifest, StackRun } from '../record/run-folder.js';
import { loadKey } from '../text/load-label.js';
import { examinePoint } from './analyse-point.js';
import { attributionChains, attributionSteps } from './attribution.js';
import { capacityOf } from './capacity.js';
import { runChecks } from './checks/run-checks.js';
import { compareStacks, groupByLoad } from './compare-stacks.js';
import { type PointDetail, pointDetail } from './point-detail.js';
import type { PointSample } from './point-sample.js';
import { judgeRun } from './run-verdict.js';
import { batchCostMs, measuredBatches } from './server-side.js';
import { parseSlo } from './slo.js';

/** The raw data of one `PointRun`, by its id. */
export type LoadPoint = (id: string) => Pick<PointSample, 'records' | 'server'>;

/**
 * `report.json` of a run: a pure function of its folder, the same to the last byte whenever and wherever it is
 * computed.
 *
 * @throws UserError for an SLO that is not understood; whatever `loadPoint` throws
 */
export function analyseRun(manifest: RunManifest, loadPoint: LoadPoint): Report {
  return examineRun(manifest, loadPoint).report;
}

export interface RunExamination {
  readonly report: Report;
  readonly details: readonly PointDetail[];
}

/** The same, with what the pictures need of each point. */
export function examineRun(manifest: RunManifest, loadPoint: LoadPoint): RunExamination {
  const details: PointDetail[] = [];
  const slo = manifest.slo === null ? null : parseSlo(manifest.slo);
  const checks: Check[] = runChecks(manifest);
  const groupsOf = manifest.stacks.map((stack) => pointGroups(manifest, stack, loadPoint));
  const around = { pointsInRun: groupsOf.flat().length, driver: manifest.driver ?? null };
  const stacks = manifest.stacks.map((stack, position): StackResult => {
    const batches = [];
    const points = [];
    for (const load of groupsOf[position] ?? []) {
      const samples = load();
      const examined = examinePoint(samples, slo, around);
      points.push(examined.point);
      details.push(pointDetail(samples));
      checks.push(...examined.checks);
      batches.push(...samples.flatMap(measuredBatches));
    }
    const capacity = manifest.capacities?.find(
      (one) => one.stack === stack.name && one.workload === stack.workload,
    );
    const { name, workload, kind, framework, version, form, runtime, precision, policy, batching } = stack;
    const { device, uncontrolled, unchecked } = stack;
    return {
      ...{ name, workload, kind, framework, version, form, runtime, precision, policy, batching },
      ...(device !== undefined && { device }),
      ...(uncontrolled && { uncontrolled }),
      ...(unchecked && { unchecked }),
      ...(capacity !== undefined && { capacity: capacityOf(capacity, loadPoint) }),
      ...(batches.length > 0 && { batch_cost_ms: batchCostMs(batches) }),
      points,
    };
  });
  const groups = groupByLoad(stacks);
  const comparisons: Comparison[] = groups.flatMap(compareStacks);
  const report: Report = {
    schema_version: 2,
    run_id: manifest.run_id,
    ...(manifest.slo !== null && { slo: manifest.slo }),
    environment: describeRun(manifest),
    verdict: judgeRun(manifest, { groups, checks, comparisons }),
    checks,
    stacks,
    comparisons,
    attribution: attributionSteps(groups.flatMap((group) => attributionChains(group, stacks))),
  };
  return { report, details };
}

/** The points of one stack in the order of their loads' first appearance, repeats in order; each loaded when called. */
function pointGroups(manifest: RunManifest, stack: StackRun, loadPoint: LoadPoint): (() => PointSample[])[] {
  const byLoad = new Map<string, RunManifest['points']>();
  for (const run of manifest.points) {
    if (run.stack !== stack.name || run.workload !== stack.workload) continue;
    const key = loadKey(run.load);
    byLoad.set(key, [...(byLoad.get(key) ?? []), run]);
  }
  return [...byLoad.values()].map(
    (runs) => () =>
      [...runs].sort((x, y) => x.repeat - y.repeat).map((run) => ({ run, ...loadPoint(run.id) })),
  );
}

function describeRun(manifest: RunManifest): Report['environment'] {
  const { environment, command, seed, profile, pinned, interrupted, model, corpus, started_at, finished_at } =
    manifest;
  return {
    ...environment,
    command,
    seed,
    profile,
    pinned,
    interrupted,
    model,
    corpus,
    started_at,
    finished_at,
  };
}
