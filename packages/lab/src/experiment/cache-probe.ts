import { type AdapterSpec, createAdapter } from '../adapters/adapter.js';
import type { CacheProbe } from '../record/run-folder.js';
import { ask } from './ask.js';

const PAIRS = 8;

/**
 * Whether a stack answers an image that it has seen faster than one that it has not (MLPerf LoadGen's TEST04): one image
 * again and again, each time beside one of the same dimensions that was never asked before.
 *
 * @param paths images that the stack has not been asked for yet, one more than there are pairs
 * @returns null where too few were answered to tell
 */
export async function probeCache(
  url: string,
  spec: AdapterSpec,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<CacheProbe | null> {
  const adapter = createAdapter(spec);
  const [again, ...fresh] = paths;
  if (again === undefined) return null;
  const probe: CacheProbe = { again_ms: [], fresh_ms: [] };
  // Now it has seen this one; and the connection is open.
  await ask(url, adapter, again, signal);
  for (const [n, path] of fresh.slice(0, PAIRS).entries()) {
    // Either comes first as often as the other.
    const order = n % 2 === 0 ? [again, path] : [path, again];
    const asked = [];
    for (const one of order) asked.push(await ask(url, adapter, one, signal));
    const [ofAgain, ofFresh] = n % 2 === 0 ? asked : asked.reverse();
    if (ofAgain?.ok !== true || ofFresh?.ok !== true) continue;
    probe.again_ms.push(ofAgain.ms);
    probe.fresh_ms.push(ofFresh.ms);
  }
  return probe.again_ms.length < PAIRS / 2 ? null : probe;
}

/** The images at the end of the corpus: the golden set is at its beginning. */
export const probeImages = <T>(images: readonly T[]): readonly T[] => images.slice(-(PAIRS + 1));
