import { environmentError } from '@servelab/core';
import type { PlainBody } from '../adapters/adapter.js';
import type { Batching, PeerFormName } from '../peers/peer.js';
import { ownStack } from './own/own-stack.js';
import { peerStack } from './peer-stack.js';
import { servelabStack } from './servelab-stack.js';
import type { Stack } from './stack.js';
import type { OwnName, PeerName, ServelabName, StackName, StackPrecision } from './stack-name.js';
import { PHOTOGRAPHS, type WorkloadKind } from './workload-kind.js';

/** The simulated runtime is part of servelab: others have only real ones. */
export const canDo = (stack: StackName, workload: WorkloadKind): boolean =>
  stack.kind === 'servelab' || workload === PHOTOGRAPHS;

/** What stacks are made of on this machine. */
export interface StackParts {
  /** The command line that runs our own server, up to and including `serve`, and further flags for it. */
  readonly serveCommand: readonly string[];
  readonly serveFlags: readonly string[];
  /** How an image travels to the stacks that can be asked in several ways. */
  readonly body: PlainBody;
  /** What others than servelab, which warms itself up, are warmed up with; null where none takes part. */
  readonly imagePath: string | null;
  /** Null where no peer takes part. */
  readonly peers: PeerParts | null;
}

/** What the peers are made of; what nobody asked for may be missing. */
export interface PeerParts {
  /** Folder of each installed peer's Python environment, by the peer's name. */
  readonly environments: Readonly<Record<string, string>>;
  readonly kerasPath?: string;
  readonly graphPaths: Readonly<Partial<Record<StackPrecision, string>>>;
  readonly labelsPath: string;
}

/** @throws UserError (exit code 3) when a peer is not installed, or a model that it needs is not there */
export function buildStack(stack: StackName, workload: WorkloadKind, parts: StackParts): Stack {
  switch (stack.kind) {
    case 'servelab':
      return ourOwn(stack, workload, parts);
    case 'peer':
      return peer(stack, workload, parts);
    case 'other':
      return theirOwn(stack, workload, parts);
  }
}

function theirOwn({ name, precision, server }: OwnName, workload: WorkloadKind, parts: StackParts): Stack {
  return ownStack(
    {
      name,
      workload: workload.name,
      kind: 'other',
      framework: name,
      form: '',
      runtime: server.runtime,
      precision,
      policy: 'its own',
      batching: { kind: 'unknown' },
      ...(server.start === null && { uncontrolled: true }),
      ...(server.expect === 'none' && { unchecked: true }),
    },
    server,
    requireImage(parts),
  );
}

function ourOwn(
  { name, form, policy, precision }: ServelabName,
  workload: WorkloadKind,
  parts: StackParts,
): Stack {
  return servelabStack(
    {
      name,
      workload: workload.name,
      kind: 'servelab',
      framework: 'servelab',
      form,
      runtime: workload.runtime,
      precision,
      policy,
      batching: { kind: policy },
    },
    {
      serveCommand: parts.serveCommand,
      flags: [...workload.serveFlags, ...(form === 'exact' ? ['--exact-decode'] : []), ...parts.serveFlags],
      adapter: { body: parts.body },
    },
  );
}

function requireImage({ imagePath }: StackParts): string {
  if (imagePath === null) throw new Error('there is no image to warm the stack up with');
  return imagePath;
}

const RUNTIMES: Readonly<Record<PeerFormName, string>> = { seeds: 'keras', tuned: 'onnx' };
/** A framework whose batching is switched off. */
const NO_BATCHING: Batching = { kind: 'none', maxBatchSize: 1, windowMs: 0, label: 'none' };

function peer(
  { name, peer, form, batches, precision }: PeerName,
  workload: WorkloadKind,
  parts: StackParts,
): Stack {
  const environmentFolder = parts.peers?.environments[peer.name];
  if (parts.peers === null || environmentFolder === undefined) {
    throw environmentError(
      `${peer.title} is not installed`,
      `Run "servelab stacks setup ${peer.name}", or leave ${name} out of --stacks.`,
    );
  }
  const { kerasPath, graphPaths, labelsPath } = parts.peers;
  const modelPath = form === 'seeds' ? kerasPath : graphPaths[precision];
  if (modelPath === undefined) {
    throw environmentError(
      `${name} has no model to serve`,
      form === 'seeds'
        ? `Run "servelab stacks setup ${peer.name}", which makes the Keras model.`
        : 'Run "servelab model pull".',
    );
  }
  const { adapter, batching: itsOwn } = peer.forms[form];
  const batching = batches ? itsOwn : NO_BATCHING;
  return peerStack(
    {
      name,
      workload: workload.name,
      kind: 'peer',
      framework: peer.name,
      form,
      runtime: RUNTIMES[form],
      precision,
      policy: batching.label,
      batching,
    },
    {
      ...(batches ? {} : { maxBatchSize: 1 }),
      peer,
      form,
      environmentFolder,
      modelPath,
      labelsPath,
      imagePath: requireImage(parts),
      // The seeds' form has its framework's native interface and no other; a part keeps the name that it takes.
      adapter: form === 'tuned' && parts.body !== adapter.body ? { body: parts.body } : adapter,
    },
  );
}
