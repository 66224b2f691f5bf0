import type { Peer, PeerForm } from './peer.js';

/**
 * Its dispatcher learns from its first 11 batches (8, then one each at sizes 1, 2 and 3), and eight requests at a
 * time can be one batch: `CorkDispatcher.controller`, bentoml/_internal/marshal/dispatcher.py.
 */
const TRAINING_REQUESTS = 1 + 11 * 8;

const form = (name: string, ready: PeerForm['ready']): PeerForm => ({
  // The seeds' batchable endpoint takes only `files`; the tuned form takes `file` as well.
  adapter: { body: 'multipart', field: 'files' },
  ready,
  batching: { kind: 'slo-adaptive', maxBatchSize: 8, windowMs: 60_000, label: 'CorkDispatcher 8, 60 s' },
  warmupRequests: TRAINING_REQUESTS,
  // Its supervisor waits for the worker, which waits for what is in flight.
  stopGraceMs: 10_000,
  command: () => ['python', 'start.py', name],
});

export const BENTOML: Peer = {
  name: 'bentoml',
  title: 'BentoML',
  version: '1.4.33',
  distribution: 'bentoml',
  port: 3000,
  forms: {
    // The seeds' own routes are POST; BentoML's probe is a GET.
    seeds: form('seeds', { method: 'GET', path: '/readyz' }),
    tuned: form('tuned', { method: 'GET', path: '/health' }),
  },
};
