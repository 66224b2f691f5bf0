import { environmentError } from '@servelab/core';
import { isFree, settledOrAborted } from '@servelab/node';
import { type PeerLaunchRequest, peerLaunch } from '../peers/peer-launch.js';
import { answers } from '../process/readiness.js';
import { startProcess } from '../process/start-process.js';
import { PEER_START_TIMEOUT_MS } from './peer-stack.js';

const STOP_GRACE_MS = 10_000;

export interface PeerRun {
  /** Ends the run in order. */
  readonly signal: AbortSignal;
  /** Told what it prints. */
  readonly onOutput: (text: string) => void;
  /** Told once the model can answer. */
  readonly onReady: (url: string) => void;
}

/**
 * Runs a peer for a person, at a port of their choice, until the signal; resolves when nothing of it is left.
 *
 * @throws UserError (exit code 3) when the port is taken, or the peer does not become ready or ends by itself
 */
export async function runPeer(request: PeerLaunchRequest, run: PeerRun): Promise<void> {
  const { peer, form, host, port } = request;
  const name = `${peer.name}/${form}`;
  if (!(await isFree(port))) {
    throw environmentError(
      `port ${port} is in use`,
      'Stop what listens there, or choose another with --port.',
    );
  }
  const { command, cwd, environment } = peerLaunch(request);
  const { readyPath, stopGraceMs = STOP_GRACE_MS } = peer.forms[form];
  const origin = `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`;
  const failure = (why: string) =>
    environmentError(`${name} ${why}`, 'Read what it printed above; "servelab doctor" looks at the machine.');
  try {
    const { group } = await startProcess(
      { command, cwd, environment, onOutput: run.onOutput },
      answers({ url: `${origin}${readyPath}`, anyStatus: false }),
      { timeoutMs: PEER_START_TIMEOUT_MS, stopGraceMs },
      failure,
      run.signal,
    );
    try {
      run.onReady(origin);
      await settledOrAborted(group.ended, run.signal);
      run.signal.throwIfAborted();
      throw failure(group.exitDescription);
    } finally {
      await group.stop(stopGraceMs);
    }
  } catch (error) {
    if (!run.signal.aborted) throw error;
  }
}
