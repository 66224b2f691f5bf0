import { verifyModel } from '@servelab/serve';
import type { Finding } from './findings.js';

const MODEL = 'mobilenet-v2';

/** Whether the weights lie in the cache with the right hashes; without them a run falls back to synthetic ones. */
export async function modelFinding(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Finding> {
  const { entry, files } = await verifyModel(MODEL, { environment });
  const damaged = files.filter(({ state }) => state !== 'ok').length;
  return {
    name: 'model',
    weight: 'recommended',
    ok: entry !== null && damaged === 0,
    found:
      entry === null
        ? 'not in the cache yet'
        : damaged === 0
          ? `${MODEL}, verified`
          : `${damaged} files damaged`,
    fix: 'run "servelab model pull"; without network set SERVELAB_MODEL_SOURCE to a folder with the files.',
  };
}
