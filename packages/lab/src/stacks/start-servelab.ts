import { buildStack } from './build-stacks.js';
import type { RunningStack } from './stack.js';
import { parseStackName } from './stack-name.js';
import { PHOTOGRAPHS } from './workload-kind.js';

/** Our own server on a free port, with its defaults: for a load test that finds nothing running. */
export async function startServelab(
  serveCommand: readonly string[],
  flags: readonly string[],
  signal: AbortSignal,
): Promise<RunningStack> {
  const parts = { serveCommand, serveFlags: flags, body: 'multipart', imagePath: null, peers: null } as const;
  return await buildStack(parseStackName('servelab'), PHOTOGRAPHS, parts).start(null, signal);
}
