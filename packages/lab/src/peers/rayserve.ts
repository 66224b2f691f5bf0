import type { Peer } from './peer.js';

export const RAY_SERVE: Peer = {
  name: 'rayserve',
  title: 'Ray Serve',
  version: '2.53.0',
  distribution: 'ray',
  port: 31_800,
  forms: {
    seeds: {
      adapter: { body: 'multipart', field: 'files' },
      ready: { method: 'GET', path: '/health' },
      batching: { kind: 'fixed-window', maxBatchSize: 8, windowMs: 10, label: 'serve.batch 8, 10 ms' },
      pinned: 'once ready',
      // It drains for ten seconds, and then ends half a dozen daemons.
      stopGraceMs: 25_000,
      command: () => ['python', 'start.py', 'seeds'],
    },
    tuned: {
      adapter: { body: 'multipart', field: 'files' },
      ready: { method: 'GET', path: '/health' },
      batching: { kind: 'fixed-window', maxBatchSize: 8, windowMs: 10, label: 'serve.batch 8, 10 ms' },
      pinned: 'once ready',
      // It drains for ten seconds, and then ends half a dozen daemons.
      stopGraceMs: 25_000,
      command: () => ['python', 'start.py', 'tuned'],
    },
  },
};
