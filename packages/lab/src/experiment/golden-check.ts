import type { ClassPrediction } from '@servelab/core';

/** Largest difference of a probability from the reference: the same file through another decoder (design). */
const CONFIDENCE_TOLERANCE = 0.02;

/** Share of the golden images on which a stack must agree with the reference, by its precision. */
const REQUIRED_SHARE = { f32: 1, int8: 0.95 } as const;

/** One golden image: what is known of it, from the outside or from the f32 reference. */
export interface GoldenImage {
  readonly path: string;
  /** Classes of which any is right for the photograph; null where nobody has looked. */
  readonly rightClasses: readonly number[] | null;
  /** Top five of the f32 reference; null where the photograph's class alone decides. */
  readonly reference: readonly ClassPrediction[] | null;
}

export interface GoldenResult {
  readonly checked: number;
  readonly agreed: number;
  readonly required: number;
}

/**
 * Equal work first: before anything is timed, a stack's answers are held against the golden set.
 *
 * @param answers one per golden image, null where the stack gave none
 */
export function checkGolden(
  images: readonly GoldenImage[],
  answers: readonly (readonly ClassPrediction[] | null)[],
  precision: string,
): GoldenResult {
  const exact = precision !== 'int8';
  const agreed = images.filter((image, index) => agrees(image, answers[index] ?? null, exact)).length;
  const share = exact ? REQUIRED_SHARE.f32 : REQUIRED_SHARE.int8;
  return { checked: images.length, agreed, required: Math.ceil(images.length * share) };
}

function agrees(image: GoldenImage, answer: readonly ClassPrediction[] | null, exact: boolean): boolean {
  const top = answer?.[0];
  if (answer === null || top === undefined) return false;
  if (image.rightClasses !== null && !image.rightClasses.includes(top.class_id)) return false;
  if (image.reference === null) return true;
  return exact ? withinTolerance(image.reference, answer) : top.class_id === image.reference[0]?.class_id;
}

/** Every class that both top fives name has the same probability, and the first is first or as good as first. */
function withinTolerance(reference: readonly ClassPrediction[], answer: readonly ClassPrediction[]): boolean {
  const confidences = new Map(reference.map(({ class_id, confidence }) => [class_id, confidence]));
  const best = reference[0]?.confidence ?? 0;
  const first = confidences.get(answer[0]?.class_id ?? -1);
  if (first === undefined || best - first > CONFIDENCE_TOLERANCE) return false;
  return answer.every(({ class_id, confidence }) => {
    const expected = confidences.get(class_id);
    return expected === undefined || Math.abs(expected - confidence) <= CONFIDENCE_TOLERANCE;
  });
}
