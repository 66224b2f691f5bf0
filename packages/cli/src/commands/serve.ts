import { once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { EXIT } from '@servelab/core';
import { type RunningServer, type SERVE_OPTIONS, startServer } from '@servelab/serve';
import type { Invocation } from '../command.js';
import { modelProgress } from '../model/model-progress.js';

/** V8's own values suit pages and scripts; docs/performance.md says what these gain. */
const V8_FLAGS = [
  // How far the heap may grow before all of it is marked anew. Bodies received count as growth, and 8 MB are allowed
  // beside the young generation: some 370 requests with a small photograph, five with one from a phone, and then 25 ms
  // of marking. What lives in the heap of a server is some 15 MB.
  '--heap-growing-percent=400',
  // Bytes of byte code that a function runs before it may be compiled to its best, a quarter of the default: the same few
  // functions serve every request, and so are compiled after one thousand of them and not three.
  '--interrupt-budget=33000',
];

/** Standard output carries `listening URL` alone, so that a script can wait for it and read the port. */
export async function serve({
  options,
  terminal,
  signal,
}: Invocation<typeof SERVE_OPTIONS>): Promise<number> {
  for (const flag of V8_FLAGS) setFlagsFromString(flag);
  const tell = modelProgress(terminal);
  let server: RunningServer;
  try {
    server = await startServer(options, {
      environment: terminal.environment,
      signal,
      onProgress: (progress) => {
        // Downloads tell every chunk: a server's log wants the steps.
        if (progress.kind !== 'fetched') tell(progress);
      },
    });
  } catch (error) {
    if (signal.aborted) return EXIT.interrupted;
    throw error;
  }
  terminal.err(banner(server));
  terminal.out(`listening ${server.url}`);

  if (!signal.aborted) await once(signal, 'abort');
  await server.drain();
  return EXIT.ok;
}

function workersInWords(workers: number): string {
  if (workers === 0) return 'no worker: the model runs in this process';
  return `${workers} worker${workers === 1 ? '' : 's'}`;
}

function banner({ url, model, workers, device, batchCostsMs }: RunningServer): string {
  const costs = batchCostsMs.map((ms, index) => `${index + 1}: ${ms.toFixed(1)}`).join(', ');
  return [
    ...(model.warning === null ? [] : [`WARNING    ${model.warning}`]),
    `model      ${model.name} ${model.precision}, ${model.runtime} runtime${device === null ? '' : ` on ${device}`}`,
    `policy     ${model.policy}, ${workersInWords(workers)}`,
    ...(costs === '' ? [] : [`batch ms   ${costs}`]),
    `try        curl -F file=@photo.jpg ${url}/predict`,
    `docs       ${url}/docs`,
  ].join('\n');
}
