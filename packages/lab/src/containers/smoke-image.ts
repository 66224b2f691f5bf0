import { setTimeout as delay } from 'node:timers/promises';
import { environmentError } from '@servelab/core';
import { request } from 'undici';
import { type AdapterSpec, createAdapter } from '../adapters/adapter.js';
import type { KnownPhotograph } from '../corpus/load-corpus.js';
import { ask, askEach } from '../experiment/ask.js';
import type { Docker } from './docker.js';
import { Pod } from './pod.js';
import type { PodContainer } from './pod-container.js';

/** Users who go on asking as long as the Service still sends them there. */
const USERS_AT_THE_END = 4;
/** What it shows after having answered; a figure taken while it starts would say little. */
const SETTLE_MS = 1000;

export interface SmokeRequest {
  readonly docker: Docker;
  readonly container: PodContainer;
  /** How its `/predict` is spoken to; null for what is no model server. */
  readonly adapter: AdapterSpec | null;
  /** What it must recognise. */
  readonly photographs: readonly KnownPhotograph[];
  readonly signal: AbortSignal;
}

export interface SmokeOutcome {
  readonly image: string;
  readonly sizeBytes: number;
  /** From `docker run` to the first good answer of its probe; null where there was none. */
  readonly startMs: number | null;
  readonly memoryBytes: number | null;
  /** From SIGTERM to its end. */
  readonly stopMs: number | null;
  /** What was not as it should be, in words; [] where all was. */
  readonly faults: readonly string[];
}

/**
 * Runs one image with everything that its Deployment says of it: waits until it is ready, holds its answers against
 * photographs whose class is known, sends it a file that is no image, and ends it while users go on asking.
 *
 * @throws the signal's reason when aborted
 */
export async function smokeImage(asked: SmokeRequest): Promise<SmokeOutcome> {
  const { docker, container, signal } = asked;
  const sizeBytes = Number(await docker(['image', 'inspect', '--format', '{{.Size}}', container.image]));
  const pod = await Pod.start(docker, container);
  const none = { image: container.image, sizeBytes, startMs: null, memoryBytes: null, stopMs: null };
  try {
    const startMs = await pod.untilReady(signal);
    const faults = await wrongAnswers(pod, asked);
    await delay(SETTLE_MS, undefined, { signal });
    const memoryBytes = await pod.memoryBytes();
    const end = await endUnderLoad(pod, asked);
    return { ...none, startMs, memoryBytes, stopMs: end.ms, faults: [...faults, ...end.faults] };
  } catch (error) {
    signal.throwIfAborted();
    return { ...none, faults: [error instanceof Error ? error.message : String(error)] };
  } finally {
    await pod.remove();
  }
}

/** @throws UserError (exit code 3) where one of the images has not been built: said before the first is started */
export async function requireImages(docker: Docker, containers: readonly PodContainer[]): Promise<void> {
  for (const { image } of containers) {
    if ((await docker(['image', 'ls', '--quiet', image])) !== '') continue;
    throw environmentError(`the image ${image} has not been built`, 'Build it with "make build".');
  }
}

async function wrongAnswers(pod: Pod, { adapter, photographs, signal }: SmokeRequest): Promise<string[]> {
  if (adapter === null) return [];
  const url = `${pod.url}/predict`;
  const faults: string[] = [];
  const recognise = async () => {
    const answers = await askEach(
      url,
      adapter,
      photographs.map(({ path }) => path),
      signal,
    );
    const wrong = photographs.filter(
      ({ rightClasses }, n) => !rightClasses.includes(answers[n]?.[0]?.class_id ?? -1),
    );
    if (wrong.length > 0)
      faults.push(`${wrong.length} of ${photographs.length} photographs are not recognised`);
  };
  await recognise();
  const status = await statusForNoImage(url, adapter, signal);
  if (status < 400 || status > 499) faults.push(`a file that is not an image is answered with ${status}`);
  await recognise();
  return [...new Set(faults)];
}

async function statusForNoImage(url: string, spec: AdapterSpec, signal: AbortSignal): Promise<number> {
  const { contentType, bytes } = createAdapter(spec).encode({
    name: 'no.jpg',
    bytes: Buffer.from('no image'),
  });
  const headers = { 'content-type': contentType };
  const { statusCode, body } = await request(url, { method: 'POST', headers, body: bytes, signal });
  await body.dump();
  return statusCode;
}

/** Whoever asked while it was an endpoint of its Service is answered, and it ends by itself. */
async function endUnderLoad(
  pod: Pod,
  { adapter, container, photographs, signal }: SmokeRequest,
): Promise<{ ms: number; faults: string[] }> {
  let removed = false;
  let lost = 0;
  const [photograph] = photographs;
  const user = async (spec: AdapterSpec, path: string) => {
    const encoded = createAdapter(spec);
    while (!removed) if (!(await ask(`${pod.url}/predict`, encoded, path, signal)).ok) lost++;
  };
  const users =
    adapter === null || photograph === undefined
      ? []
      : Array.from({ length: USERS_AT_THE_END }, () => user(adapter, photograph.path));
  const { exitCode, ms } = await pod.end(() => {
    removed = true;
  });
  await Promise.all(users);
  const faults: string[] = [];
  if (exitCode === 137) faults.push(`it had to be killed after ${container.graceS} s`);
  else if (exitCode !== 0 && exitCode !== 143) faults.push(`it ended with exit code ${exitCode}`);
  if (lost > 0) faults.push(`${lost} requests were lost while it ended`);
  return { ms, faults };
}
