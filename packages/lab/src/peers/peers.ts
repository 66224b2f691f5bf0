import type { Peer, PeerForm } from './peer.js';
import { QUIRKS } from './quirks.js';
import { type Framework, type PeerFormName, REGISTRY } from './registry.js';

/** Every framework of the registry, in its order. */
export const PEERS: readonly Peer[] = REGISTRY.frameworks.map(peerOf);

/** Their names as their makers write them, for a sentence. */
export const PEER_TITLES: string = new Intl.ListFormat('en-GB').format(PEERS.map(({ title }) => title));

/** A framework as its entry and its quirks describe it. */
export function peerOf(framework: Framework): Peer {
  const { name, title, version, distribution, port, installSize } = framework;
  return {
    ...{ name, title, version, distribution, port, installSize },
    environment: { ...REGISTRY.environment, ...framework.environment },
    forms: { seeds: formOf(framework, 'seeds'), tuned: formOf(framework, 'tuned') },
  };
}

function formOf({ name, field, ready, batching, command }: Framework, form: PeerFormName): PeerForm {
  return {
    adapter: { body: 'multipart', field },
    readyPath: ready[form],
    batching,
    ...QUIRKS[name],
    command: ({ host, port }) =>
      command.map((word) =>
        word.replaceAll('{form}', form).replaceAll('{host}', host).replaceAll('{port}', `${port}`),
      ),
  };
}
