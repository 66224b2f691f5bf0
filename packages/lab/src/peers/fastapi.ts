import type { ListenAt, Peer } from './peer.js';

const command =
  (module: string) =>
  ({ host, port }: ListenAt) => [
    'uvicorn',
    `${module}:app`,
    '--host',
    host,
    '--port',
    `${port}`,
    '--no-access-log',
  ];

export const FASTAPI: Peer = {
  name: 'fastapi',
  title: 'FastAPI',
  version: '0.128.0',
  distribution: 'fastapi',
  port: 8000,
  forms: {
    seeds: {
      adapter: { body: 'multipart', field: 'file' },
      ready: { method: 'GET', path: '/health' },
      batching: { kind: 'none', maxBatchSize: 1, windowMs: 0, label: 'none' },
      command: command('seeds'),
    },
    tuned: {
      adapter: { body: 'multipart', field: 'file' },
      ready: { method: 'GET', path: '/health' },
      batching: { kind: 'none', maxBatchSize: 1, windowMs: 0, label: 'none' },
      command: command('tuned'),
    },
  },
};
