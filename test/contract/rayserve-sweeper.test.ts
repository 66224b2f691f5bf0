import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const SWEEPER = fileURLToPath(new URL('../../stacks/rayserve/sweeper.py', import.meta.url));
const missing =
  process.platform !== 'linux'
    ? 'it finds processes in /proc'
    : spawnSync('python3', ['--version']).status === 0
      ? null
      : 'there is no python3';

/** A process that would stay for ever, with a folder's mark in its environment, like Ray's. */
function stay(folder: string): ChildProcess {
  return spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)'], {
    env: { SERVELAB_RAY_FOLDER: folder },
    stdio: 'ignore',
  });
}

describe.skipIf(missing !== null)(
  `what is left of a local Ray${missing === null ? '' : ` (${missing})`}`,
  () => {
    let folder: string;
    let other: string;
    const children: ChildProcess[] = [];
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'ray-'));
      other = await mkdtemp(join(tmpdir(), 'ray-'));
      await writeFile(join(folder, 'log'), 'words');
    });
    afterEach(async () => {
      for (const child of children.splice(0)) child.kill('SIGKILL');
      await Promise.all([folder, other].map((path) => rm(path, { recursive: true, force: true })));
    });

    it('is ended and removed once its program has gone, and no other Ray is touched', async () => {
      const [ours, theirs] = [stay(folder), stay(other)];
      const sweeper = spawn('python3', ['-I', SWEEPER, folder], { stdio: ['pipe', 'ignore', 'inherit'] });
      children.push(ours, theirs, sweeper);
      await Promise.all(children.map((child) => child.pid ?? once(child, 'spawn')));
      const [oursEnded, swept] = [once(ours, 'exit'), once(sweeper, 'exit')];

      sweeper.stdin?.end(); // as when the program that holds the pipe ends, however it does
      expect((await oursEnded)[1]).toBe('SIGKILL');
      expect((await swept)[0]).toBe(0);
      expect(existsSync(folder)).toBe(false);
      expect(theirs.exitCode ?? theirs.signalCode).toBeNull();
      expect(existsSync(other)).toBe(true);
    });
  },
);
