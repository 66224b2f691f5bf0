import { environmentError } from '@servelab/core';
import { isFree, settledOrAborted } from '@servelab/node';
import { type PeerLaunchRequest, peerLaunch } from '../peers/peer-launch.js';
import { ProcessGroup } from '../process/process-group.js';
import { untilReady } from './until-ready.js';

const START_TIMEOUT_MS = 180_000;
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
  const group = new ProcessGroup(command, environment, cwd, run.onOutput);
  try {
    const { ready } = peer.forms[form];
    const origin = `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`;
    const up = await untilReady(
      { url: `${origin}${ready.path}`, method: ready.method, timeoutMs: START_TIMEOUT_MS },
      group,
      run.signal,
    );
    if (run.signal.aborted) return;
    if (up) run.onReady(origin);
    else if (group.alive) throw failure(`${name} was not ready within ${START_TIMEOUT_MS / 1000} s`);
    await settledOrAborted(group.ended, run.signal);
    if (!run.signal.aborted) throw failure(`${name} ${group.exitDescription}`);
  } finally {
    await group.stop(peer.forms[form].stopGraceMs ?? STOP_GRACE_MS);
  }
}

const failure = (message: string) =>
  environmentError(message, 'Read what it printed above; "servelab doctor" looks at the machine.');
