import type { ListenAt, Peer } from './peer.js';

const command =
  (module: string) =>
  ({ host, port }: ListenAt) => [
    'bentoml',
    'serve',
    `${module}:Classifier`,
    '--host',
    host,
    '--port',
    `${port}`,
  ];

export const BENTOML: Peer = {
  name: 'bentoml',
  title: 'BentoML',
  version: '1.4.33',
  distribution: 'bentoml',
  port: 3000,
  forms: {
    seeds: {
      // The batchable endpoint takes only `files`, and the service's own routes are POST.
      adapter: { body: 'multipart', field: 'files' },
      ready: { method: 'GET', path: '/readyz' },
      policy: 'CorkDispatcher, 60 s',
      command: command('seeds'),
    },
    tuned: {
      adapter: { body: 'multipart', field: 'files' },
      ready: { method: 'GET', path: '/health' },
      policy: 'CorkDispatcher, 60 s',
      command: command('tuned'),
    },
  },
};
