import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { withLock } from './install-lock.js';

const NEVER = new AbortController().signal;

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'servelab-lock-'));
  path = join(folder, 'it.lock');
});
afterEach(() => rm(folder, { recursive: true }));

it('lets one at a time work, and tells the other that it waits', async () => {
  const order: string[] = [];
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let entered = () => {};
  const inside = new Promise<void>((resolve) => {
    entered = resolve;
  });
  const first = withLock(
    path,
    NEVER,
    () => order.push('first waits'),
    async () => {
      entered();
      await released;
      order.push('first');
    },
  );
  await inside;
  const waits = () => {
    order.push('second waits');
    release();
  };
  await Promise.all([first, withLock(path, NEVER, waits, async () => void order.push('second'))]);
  expect(order).toEqual(['second waits', 'first', 'second']);
  expect(await readdir(folder)).toEqual([]);
});

it('is free again after work that failed', async () => {
  const failing = withLock(
    path,
    NEVER,
    () => {},
    () => Promise.reject(new Error('no')),
  );
  await expect(failing).rejects.toThrow('no');
  await expect(
    withLock(
      path,
      NEVER,
      () => {},
      async () => 'yes',
    ),
  ).resolves.toBe('yes');
});

it('does not wait for one that was killed while it held the lock', async () => {
  await mkdir(path);
  await expect(
    withLock(
      path,
      NEVER,
      () => {},
      async () => 'mine',
      100,
    ),
  ).resolves.toBe('mine');
});

it('stops waiting when it is told to', async () => {
  await mkdir(path);
  const stop = new AbortController();
  const waiting = withLock(
    path,
    stop.signal,
    () => stop.abort(),
    async () => 'never',
  );
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  expect(await readdir(folder)).toEqual(['it.lock']);
});
