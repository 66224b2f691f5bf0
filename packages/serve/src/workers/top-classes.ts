import type { ScoredClass } from './inference-engine.js';

/**
 * The `count` most probable classes, falling; of equals the lower class first.
 *
 * @param probabilities of a whole batch, `[n, classCount]`
 */
export function topClasses(
  probabilities: Float32Array,
  image: number,
  classCount: number,
  count: number,
): ScoredClass[] {
  const top: ScoredClass[] = [];
  const start = image * classCount;
  for (let classId = 0; classId < classCount; classId++) {
    const confidence = probabilities[start + classId] ?? 0;
    // Nearly every class ends here, after one comparison.
    const last = top[count - 1];
    if (last !== undefined && confidence <= last.confidence) continue;
    let at = Math.min(top.length, count - 1);
    for (; at > 0 && (top[at - 1]?.confidence ?? 0) < confidence; at--) {
      const lower = top[at - 1];
      if (lower !== undefined) top[at] = lower;
    }
    top[at] = { classId, confidence };
  }
  return top;
}
