import { join } from 'node:path';
import type { ListenAt, Peer, PeerFormName } from './peer.js';
import { STACKS_FOLDER } from './stacks-folder.js';

/** What a peer needs to be started, besides a port. */
export interface PeerLaunchRequest extends ListenAt {
  readonly peer: Peer;
  readonly form: PeerFormName;
  /** Folder of the isolated Python environment that `stacks setup` made. */
  readonly environmentFolder: string;
  /** `.keras` for the seeds' form, `.onnx` for the tuned one. */
  readonly modelPath: string;
  readonly labelsPath: string;
  /** Images a batch; 1 switches batching off; the peer's own default where it is left out. */
  readonly maxBatchSize?: number;
}

/** A command line, where it runs, and what it finds in its environment besides ours. */
export interface PeerLaunch {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** How a peer is started, as the lab, `stacks start` and the images do it. */
export function peerLaunch(request: PeerLaunchRequest): PeerLaunch {
  const { peer, form, host, port, environmentFolder, modelPath, labelsPath, maxBatchSize } = request;
  const bin = join(environmentFolder, 'bin');
  const [program = '', ...args] = peer.forms[form].command({ host, port });
  return {
    command: [join(bin, program), ...args],
    cwd: join(STACKS_FOLDER, peer.name),
    environment: {
      ...peer.environment,
      // What a peer starts by itself is found in its own environment first.
      PATH: `${bin}:${process.env.PATH ?? ''}`,
      PYTHONPATH: join(STACKS_FOLDER, 'common'),
      MODEL_PATH: modelPath,
      LABELS_PATH: labelsPath,
      HOST: host,
      PORT: `${port}`,
      ...(maxBatchSize === undefined ? {} : { MAX_BATCH_SIZE: `${maxBatchSize}` }),
    },
  };
}
