import type { AdapterSpec } from '../adapters/adapter.js';
import type { Quirks } from './quirks.js';
import type { Batching, Framework, PeerFormName } from './registry.js';

export { type Batching, PEER_FORMS, type PeerFormName } from './registry.js';

/** A Python framework that servelab is compared with; its service is in `stacks/NAME`. */
export interface Peer
  extends Pick<Framework, 'name' | 'title' | 'version' | 'distribution' | 'port' | 'installSize'> {
  /** Variables of its processes besides those that depend on the machine. */
  readonly environment: Readonly<Record<string, string>>;
  readonly forms: Readonly<Record<PeerFormName, PeerForm>>;
}

export interface PeerForm extends Quirks {
  /** How `/predict` is spoken to. */
  readonly adapter: AdapterSpec;
  /** A GET of it answers 200 once the model can answer. */
  readonly readyPath: string;
  readonly batching: Batching;
  /** Its program: the first word is found in the environment's `bin`, the rest are its arguments. */
  command(at: ListenAt): readonly string[];
}

export interface ListenAt {
  readonly host: string;
  readonly port: number;
}
