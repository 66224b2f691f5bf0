import { UserError } from '@servelab/core';
import {
  ALL_STACKS,
  type BenchRequest,
  expandAll,
  PEERS,
  type PeerParts,
  withoutStacks,
} from '@servelab/lab';
import type { Terminal } from '../command.js';
import type { ObtainedModel } from '../model/obtain-model.js';
import { prepareKeras } from '../stacks/prepare-keras.js';
import { setUpPeers } from '../stacks/set-up-peers.js';
import { missingWords } from '../stacks/setup-words.js';

export interface ObtainedPeers {
  /** What can be measured of what was asked for. */
  readonly request: BenchRequest;
  /** Null where no peer takes part. */
  readonly parts: PeerParts | null;
  /** What `all` had to do without, why, and how to get it; null where nothing is missing. */
  readonly leftOut: string | null;
}

/**
 * Installs the peers that a run needs and builds the Keras model. What cannot be had is left out of a run of
 * `all`; a stack that was asked for by its name is not.
 *
 * @throws UserError (exit code 3) why a stack that was named cannot be had; the signal's reason when aborted
 */
export async function obtainPeers(
  request: BenchRequest,
  model: ObtainedModel,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ObtainedPeers> {
  const names = request.stacks.flatMap((stack) => (stack.kind === 'peer' ? [stack] : []));
  if (names.length === 0) return { request, parts: null, leftOut: null };
  const peers = PEERS.filter((peer) => names.some((name) => name.peer === peer));
  const { environments, failures } = await setUpPeers(peers, terminal, signal);
  const keras = await obtainKeras(request, model, environments, terminal, signal);
  const missing = names.flatMap(({ name, peer, form }) => {
    const error = failures.find((failure) => failure.name === peer.name)?.error;
    if (error !== undefined) return [{ name, error }];
    return form === 'seeds' && keras.error !== null ? [{ name, error: keras.error }] : [];
  });
  requireNamed(request, missing);
  const leftOut = missing.length === 0 ? null : missingWords('LEFT OUT', missing);
  if (leftOut !== null) terminal.err(leftOut);
  const graphPaths = Object.fromEntries(
    Object.entries(model.graphs).map(([precision, { path }]) => [precision, path]),
  );
  return {
    request: withoutStacks(
      request,
      missing.map(({ name }) => name),
    ),
    parts: {
      environments,
      ...(keras.path === null ? {} : { kerasPath: keras.path }),
      graphPaths,
      labelsPath: model.labelsPath,
    },
    leftOut,
  };
}

async function obtainKeras(
  request: BenchRequest,
  { graphs }: ObtainedModel,
  environments: Readonly<Record<string, string>>,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<{ readonly path: string | null; readonly error: UserError | null }> {
  const [environmentFolder] = Object.values(environments);
  const wanted = request.stacks.some((stack) => stack.kind === 'peer' && stack.form === 'seeds');
  if (!wanted || environmentFolder === undefined || graphs.f32 === undefined) {
    return { path: null, error: null };
  }
  try {
    return { path: await prepareKeras(graphs.f32, environmentFolder, terminal, signal), error: null };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { path: null, error };
  }
}

function requireNamed(
  { options }: BenchRequest,
  missing: readonly { readonly name: string; readonly error: UserError }[],
): void {
  const meant = new Set(expandAll(options.stacks.filter((word) => word === ALL_STACKS)));
  const named = missing.find(({ name }) => !meant.has(name));
  if (named !== undefined) throw named.error;
}
