import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { busyOfLast } from './cpu-watch.js';
import { DEPLOY_FOLDER } from './deploy-folder.js';
import { LOCUST_VERSION } from './locust.js';

describe('Locust', () => {
  it.each(['requirements.in', 'requirements.lock'])('has the version that %s pins', async (file) => {
    const pinned = await readFile(join(DEPLOY_FOLDER, 'locust', file), 'utf8');
    expect(/^locust==(\S+)/m.exec(pinned)?.[1]).toBe(LOCUST_VERSION);
  });
});

describe('how busy a client was', () => {
  const readings = [
    { atMs: 0, cpuS: 0 },
    { atMs: 1000, cpuS: 1 }, // starting Python
    { atMs: 2000, cpuS: 1.2 },
    { atMs: 3000, cpuS: 1.6 },
  ];

  it('is of the end, without the start of the program', () => {
    expect(busyOfLast(readings, 2)).toBeCloseTo(0.3, 9);
    expect(busyOfLast(readings, 60)).toBeCloseTo(1.6 / 3, 9);
  });

  it('is not known from fewer than two readings', () => {
    expect(busyOfLast([], 2)).toBeNull();
    expect(busyOfLast(readings.slice(0, 1), 2)).toBeNull();
    expect(busyOfLast(readings, 0.5)).toBeNull();
  });
});
