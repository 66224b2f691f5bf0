import { PEERS } from '../peers/peers.js';
import { SERVELAB_STACKS } from './servelab-stacks.js';

/** The word for {@link expandAll}. */
export const ALL_STACKS = 'all';

/** What BentoML's lead in the seeds is made of: with its batching off, only the framework is left. */
const WITHOUT_BATCHING = ['bentoml/tuned:none', 'bentoml/seeds:none'];

/** Puts servelab's policies and every peer, in both forms, in the place of `all`. */
export function expandAll(names: readonly string[]): string[] {
  const peers = PEERS.flatMap(({ name }) => [`${name}/tuned`, `${name}/seeds`]);
  return names.flatMap((name) =>
    name === ALL_STACKS ? [...SERVELAB_STACKS, ...peers, ...WITHOUT_BATCHING] : [name],
  );
}
