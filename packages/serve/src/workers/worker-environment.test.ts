import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Device } from '../runtime/devices.js';
import { workerEnvironment } from './worker-environment.js';
import { WorkerProcess } from './worker-process.js';

const SECRETS = {
  AWS_SECRET_ACCESS_KEY: 'x',
  DATABASE_URL: 'x',
  NODE_OPTIONS: '--no-warnings',
  npm_config__authToken: 'x',
  SERVELAB_MODEL_SOURCE: 'x',
  HOME: 'x',
};
const NEEDED = { PATH: '/bin', LC_ALL: 'C', TMPDIR: '/tmp', TZ: 'UTC', ORT_DISABLE_TELEMETRY: '1' };

afterEach(() => vi.unstubAllEnvs());

describe('a worker is given', () => {
  it('what it needs, and none of what the server was told in confidence', () => {
    const environment = workerEnvironment({ ...NEEDED, ...SECRETS, LANG: undefined });
    expect(environment).toMatchObject({ ...NEEDED, OMP_NUM_THREADS: '1', UV_THREADPOOL_SIZE: '1' });
    expect(Object.keys(environment).filter((name) => name in SECRETS)).toEqual([]);
  });

  it('its own number of threads and arenas, whatever the server runs with', () => {
    expect(workerEnvironment({ VIPS_CONCURRENCY: '8', MALLOC_ARENA_MAX: '64' })).toMatchObject({
      VIPS_CONCURRENCY: '1',
      MALLOC_ARENA_MAX: '2',
    });
  });

  it('what the drivers of a device are found by, where it is to open one, but no secret of the same beginning', () => {
    const drivers = { VK_DRIVER_FILES: '/a.json', CUDA_VISIBLE_DEVICES: '1', NVIDIA_VISIBLE_DEVICES: '0' };
    const environment = { ...drivers, NVIDIA_API_KEY: 'x', VK_TOKEN: 'x' };
    const namesFor = (...devices: Device[]) =>
      Object.keys(workerEnvironment(environment, devices)).filter((name) => name in environment);
    expect(namesFor('cuda', 'cpu')).toEqual(Object.keys(drivers));
    expect(namesFor('cpu')).toEqual([]);
  });

  it.runIf(process.platform === 'linux')(
    'nothing more by the system: /proc shows its environment',
    async () => {
      for (const [name, value] of Object.entries(SECRETS)) vi.stubEnv(name, value);
      const worker = new WorkerProcess(null);
      try {
        const names = readFileSync(`/proc/${worker.pid}/environ`, 'utf8')
          .split('\0')
          .flatMap((line) => (line === '' ? [] : line.slice(0, line.indexOf('='))));
        console.log(`the environment of a worker: ${names.join(' ')}`);
        expect(names).toContain('UV_THREADPOOL_SIZE');
        const channel = ['NODE_CHANNEL_FD', 'NODE_CHANNEL_SERIALIZATION_MODE'];
        expect(names.filter((name) => !channel.includes(name)).sort()).toEqual(
          Object.keys(workerEnvironment(process.env)).sort(),
        );
        expect(names.filter((name) => name in SECRETS)).toEqual([]);
      } finally {
        await worker.kill();
      }
    },
  );
});
