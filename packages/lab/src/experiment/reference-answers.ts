import type { ClassPrediction } from '@servelab/core';
import { askEach } from './ask.js';
import type { ExperimentPlan, Workload } from './experiment-plan.js';
import type { GoldenImage } from './golden-check.js';

/** What the reference stack of a workload says about every image of the corpus. */
export interface Reference {
  /** The golden set of the workload. */
  readonly golden: readonly GoldenImage[];
  /** First class of each image of the corpus; null where the reference gave no answer. */
  readonly expectedClasses: readonly (number | null)[];
}

/**
 * Asks the running reference stack for the whole corpus.
 *
 * @param url of the reference's predict route
 */
export async function takeReference(
  plan: ExperimentPlan,
  workload: Workload,
  url: string,
  signal: AbortSignal,
): Promise<Reference> {
  const paths = plan.corpus.images.map(({ path }) => path);
  const answers = await askEach(url, plan.adapter, paths, signal);
  const photographs = workload.truthful ? plan.photographs : [];
  return {
    golden: [
      ...photographs.map(({ path, rightClasses }) => ({ path, rightClasses, reference: null })),
      ...goldenCrops(paths, answers, workload.goldenCount),
    ],
    expectedClasses: answers.map((answer) => answer?.[0]?.class_id ?? null),
  };
}

/** Evenly spread over the corpus, so that every photograph has its share. */
function goldenCrops(
  paths: readonly string[],
  answers: readonly (readonly ClassPrediction[] | null)[],
  count: number,
): GoldenImage[] {
  const step = Math.max(1, paths.length / count);
  const picks = Array.from({ length: Math.min(count, paths.length) }, (_, index) => Math.floor(index * step));
  return picks.flatMap((index) => {
    const path = paths[index];
    const reference = answers[index];
    return path === undefined || reference === undefined || reference === null
      ? []
      : [{ path, rightClasses: null, reference }];
  });
}
