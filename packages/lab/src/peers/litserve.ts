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
      policy: 'batch 8, no window',
      command: () => ['python', 'seeds.py'],
    },
    tuned: {
      adapter: { body: 'multipart', field: 'file' },
      ready: { method: 'GET', path: '/health' },
      policy: 'batch 8, no window',
      command: () => ['python', 'tuned.py'],
    },
  },
};
