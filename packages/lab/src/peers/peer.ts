import type { AdapterSpec } from '../adapters/adapter.js';

/** `seeds`: Keras `predict` and the framework's native interface. `tuned`: ONNX Runtime and servelab's contract. */
export const PEER_FORMS = ['seeds', 'tuned'] as const;
export type PeerFormName = (typeof PEER_FORMS)[number];

/** A Python framework that servelab is compared with. One file a peer; its service lies in `stacks/NAME`. */
export interface Peer {
  readonly name: string;
  /** As its makers write it. */
  readonly title: string;
  /** Of the framework, as pinned in `stacks/NAME/requirements.lock`. */
  readonly version: string;
  /** The framework's name among installed Python packages. */
  readonly distribution: string;
  /** Where the seeds (or we) put it. */
  readonly port: number;
  readonly forms: Readonly<Record<PeerFormName, PeerForm>>;
}

export interface PeerForm {
  /** How `/predict` is spoken to. */
  readonly adapter: AdapterSpec;
  /** Answers 200 once the model can answer. */
  readonly ready: { readonly method: 'GET' | 'POST'; readonly path: string };
  readonly batching: Batching;
  /** When its processes are held to their cores: some cannot start while they are. Left out: from the start. */
  readonly pinned?: 'from the start' | 'once ready';
  /** Requests sent before anything is measured, eight at a time; 16 unless it learns from more. */
  readonly warmupRequests?: number;
  /** How long it may take to end in order, ms; 5000 unless it needs more. */
  readonly stopGraceMs?: number;
  /** Its program: the first word is found in the environment's `bin`, the rest are its arguments. */
  command(at: ListenAt): readonly string[];
}

/** How a framework forms its batches. */
export interface Batching {
  /** The servelab policy that decides alike. */
  readonly kind: 'none' | 'greedy' | 'fixed-window' | 'slo-adaptive';
  /** Images. */
  readonly maxBatchSize: number;
  /** The longest wait for more images. */
  readonly windowMs: number;
  /** For reports. */
  readonly label: string;
}

export interface ListenAt {
  readonly host: string;
  readonly port: number;
}
