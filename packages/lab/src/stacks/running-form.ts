import { request } from 'undici';
import type { AdapterSpec } from '../adapters/adapter.js';
import type { PeerFormName } from '../peers/peer.js';
import { PEERS } from '../peers/peers.js';

/** A service that blocks its event loop while it predicts answers late. */
const ANSWER_TIMEOUT_MS = 5000;

/** What answers at the port of a stack. */
export interface RunningForm {
  /** `servelab`; of a peer with its form, `bentoml/seeds`, where that can be told. */
  readonly name: string;
  /** Of the predict route. */
  readonly url: string;
  readonly adapter: AdapterSpec;
}

/**
 * Finds out what runs at the address where a stack is expected. Both forms of a peer have the same port; they
 * are told apart by their words: the tuned one refuses what is no image as the contract says, and the seeds' one
 * answers on its own readiness route.
 *
 * @param name `servelab`, or a peer's
 * @returns null where nobody speaks HTTP
 */
export async function runningForm(name: string, address: string): Promise<RunningForm | null> {
  const url = `${address}/predict`;
  const refusal = await ask('POST', url);
  if (refusal === null) return null;
  const peer = PEERS.find((candidate) => candidate.name === name);
  if (peer === undefined) return { name, url, adapter: { body: 'multipart' } };
  const spoken: PeerFormName = refusal.type.startsWith('application/problem+json') ? 'tuned' : 'seeds';
  const { adapter, readyPath } = peer.forms[spoken];
  const known = spoken === 'tuned' || (await ask('GET', `${address}${readyPath}`))?.status === 200;
  return { name: known ? `${name}/${spoken}` : name, url, adapter };
}

/** A request that no stack takes for an image. */
async function ask(
  method: 'GET' | 'POST',
  url: string,
): Promise<{ readonly status: number; readonly type: string } | null> {
  try {
    const { statusCode, headers, body } = await request(url, {
      method,
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
      ...(method === 'POST' && { headers: { 'content-type': 'application/json' }, body: '{}' }),
    });
    await body.dump();
    return { status: statusCode, type: String(headers['content-type'] ?? '') };
  } catch {
    return null; // refused, silent, or no HTTP
  }
}
