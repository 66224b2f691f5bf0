import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

/** Where ONNX Runtime runs the nodes of a graph: what a device cannot do is left to the CPU without a word. */
export interface NodePlacement {
  readonly nodes: number;
  readonly nodesOnCpu: number;
}

/** Copies between device and CPU are ONNX Runtime's own, and in nobody's graph. */
const COPY = /^Memcpy/;

const profileSchema = z.array(
  z.object({ args: z.object({ provider: z.string(), op_name: z.string() }).partial().optional() }),
);

/**
 * Has a session write its profile while it runs a graph once: the only place in which ONNX Runtime's binding tells
 * which execution provider ran which node.
 *
 * @param profiled opens the session with this prefix for its profile, runs it once and ends profiling
 */
export async function withPlacement<T>(
  profiled: (profileFilePrefix: string) => Promise<T>,
): Promise<{ readonly value: T; readonly placement: NodePlacement }> {
  const folder = await mkdtemp(join(tmpdir(), 'servelab-placement-'));
  try {
    const value = await profiled(join(folder, 'profile'));
    const [file = ''] = await readdir(folder);
    return { value, placement: placementOf(await readFile(join(folder, file), 'utf8')) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function placementOf(profile: string): NodePlacement {
  const providers = profileSchema.parse(JSON.parse(profile)).flatMap(({ args }) => {
    if (args?.provider === undefined || COPY.test(args.op_name ?? '')) return [];
    return args.provider;
  });
  const nodesOnCpu = providers.filter((provider) => provider === 'CPUExecutionProvider').length;
  return { nodes: providers.length, nodesOnCpu };
}
