import { request } from 'undici';
import type { AdapterSpec } from '../adapters/adapter.js';

/** A stack at the port that the seeds (or we) gave it, and how it is spoken to there. */
export interface KnownPort {
  readonly name: string;
  readonly port: number;
  readonly adapter: AdapterSpec;
}

/** Both forms of a peer listen at the same port; a single multipart part suits both. */
export const KNOWN_PORTS: readonly KnownPort[] = [
  { name: 'servelab', port: 8080, adapter: { body: 'multipart', field: 'file' } },
  // BentoML's batchable endpoint takes only `files`.
  { name: 'bentoml', port: 3000, adapter: { body: 'multipart', field: 'files' } },
  { name: 'fastapi', port: 8000, adapter: { body: 'multipart', field: 'file' } },
  { name: 'rayserve', port: 31_800, adapter: { body: 'multipart', field: 'files' } },
  { name: 'litserve', port: 3400, adapter: { body: 'multipart', field: 'file' } },
];

const ANSWER_TIMEOUT_MS = 2000;

/** The address of a known port on this machine. */
export const addressOf = ({ port }: KnownPort): string => `http://127.0.0.1:${port}`;

/** Which of the stacks speak HTTP at their ports; the status they answer does not matter. */
export async function whoAnswers(candidates: readonly KnownPort[]): Promise<KnownPort[]> {
  const up = await Promise.all(candidates.map((candidate) => answers(addressOf(candidate))));
  return candidates.filter((_, index) => up[index]);
}

async function answers(url: string): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
    const { body } = await request(`${url}/health`, { signal });
    await body.dump();
    return true;
  } catch {
    return false; // refused, silent, or no HTTP
  }
}
