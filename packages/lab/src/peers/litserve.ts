import type { Peer } from './peer.js';

export const LITSERVE: Peer = {
  name: 'litserve',
  title: 'LitServe',
  version: '0.2.19',
  distribution: 'litserve',
  port: 3400,
  forms: {
    seeds: {
      adapter: { body: 'multipart', field: 'file' },
      ready: { method: 'GET', path: '/health' },
      batching: { kind: 'greedy', maxBatchSize: 8, windowMs: 0, label: 'batch 8, no window' },
      // It ends its processes one after the other, and looks for dead ones every 2 s.
      stopGraceMs: 15_000,
      command: () => ['python', 'seeds.py'],
    },
    tuned: {
      adapter: { body: 'multipart', field: 'file' },
      ready: { method: 'GET', path: '/health' },
      batching: { kind: 'greedy', maxBatchSize: 8, windowMs: 0, label: 'batch 8, no window' },
      // It ends its processes one after the other, and looks for dead ones every 2 s.
      stopGraceMs: 15_000,
      command: () => ['python', 'tuned.py'],
    },
  },
};
