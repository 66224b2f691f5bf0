import type { ClassPrediction } from '@servelab/core';
import { askEach } from './ask.js';
import type { ExperimentPlan, Workload } from './experiment-plan.js';
import type { GoldenImage } from './golden-check.js';

/** What the reference stack of a workload says about the images of the corpus. */
export interface Reference {
  /** The golden set of the workload. */
  readonly golden: readonly GoldenImage[];
  /** First class of each image of the corpus; null where the reference was not asked or gave no answer. */
  readonly expectedClasses: readonly (number | null)[];
}

/** For a workload whose answers are held against nothing. */
export const NO_REFERENCE: Reference = { golden: [], expectedClasses: [] };

/**
 * Asks the running reference stack for as much of the corpus as the workload affords.
 *
 * @param predictUrl the reference's
 */
export async function takeReference(
  plan: ExperimentPlan,
  workload: Workload,
  predictUrl: string,
  signal: AbortSignal,
): Promise<Reference> {
  const paths = plan.corpus.images.map(({ path }) => path);
  const asked = spread(paths, workload.referenceCount);
  const answers = await askEach(predictUrl, workload.reference.adapter, asked, signal);
  const known = new Map(asked.map((path, index) => [path, answers[index] ?? null]));
  const photographs = workload.truthful ? plan.photographs : [];
  return {
    golden: [
      ...photographs.map(({ path, rightClasses }) => ({ path, rightClasses, reference: null })),
      ...spread(asked, workload.goldenCount).flatMap((path) => goldenCrop(path, known.get(path) ?? null)),
    ],
    expectedClasses: paths.map((path) => known.get(path)?.[0]?.class_id ?? null),
  };
}

/** So many of them, evenly spread, so that every photograph has its share. */
function spread<T>(items: readonly T[], count: number): T[] {
  const step = Math.max(1, items.length / count);
  const picks = Array.from({ length: Math.min(count, items.length) }, (_, index) => Math.floor(index * step));
  return items.filter((_, index) => picks.includes(index));
}

function goldenCrop(path: string, reference: readonly ClassPrediction[] | null): GoldenImage[] {
  return reference === null ? [] : [{ path, rightClasses: null, reference }];
}
