import { EXIT, MS_PER_S } from '@servelab/core';
import {
  alignedTable,
  knownPhotographs,
  openDocker,
  requireImages,
  type SmokeOutcome,
  smokeImage,
} from '@servelab/lab';
import { abortable } from '@servelab/node';
import type { Invocation } from '../command.js';
import type { JSON_ALONE } from '../json-option.js';
import { adapterOf, chosenContainers, deployedContainers } from '../smoke/deployments.js';

const MB = 1e6;

export async function smoke({
  positionals,
  options,
  terminal,
  signal,
}: Invocation<typeof JSON_ALONE>): Promise<number> {
  const containers = chosenContainers(await deployedContainers(), positionals);
  const docker = await openDocker(terminal.environment, signal);
  await requireImages(docker, containers);
  const photographs = await abortable(signal, () => knownPhotographs(terminal.environment));
  if (photographs.length === 0) terminal.err('No photographs are available: the responses are not checked.');
  const outcomes: SmokeOutcome[] = [];
  for (const container of containers) {
    terminal.err(`${container.image} ...`);
    const adapter = adapterOf(container);
    outcomes.push(await smokeImage({ docker, container, adapter, photographs, signal }));
  }
  terminal.out(options.json ? JSON.stringify(outcomes, null, 2) : table(outcomes));
  return outcomes.every(({ faults }) => faults.length === 0) ? EXIT.ok : EXIT.thresholdFailed;
}

function table(outcomes: readonly SmokeOutcome[]): string {
  const seconds = (ms: number | null) => (ms === null ? '-' : `${(ms / MS_PER_S).toFixed(1)} s`);
  const megabytes = (bytes: number | null) => (bytes === null ? '-' : `${Math.round(bytes / MB)} MB`);
  const rows = outcomes.map(({ image, sizeBytes, startMs, memoryBytes, stopMs, faults }) => [
    image,
    megabytes(sizeBytes),
    seconds(startMs),
    megabytes(memoryBytes),
    seconds(stopMs),
    faults.length === 0 ? 'ok' : 'NOT OK',
  ]);
  const faults = outcomes.flatMap((outcome) => outcome.faults.map((fault) => `${outcome.image}: ${fault}`));
  return [
    alignedTable([['image', 'size', 'ready after', 'memory', 'ends in', ''], ...rows], [0, 5]),
    ...faults,
  ].join('\n');
}
