import { describe, expect, it } from 'vitest';
import { treeUsage } from '../machine/process-usage.js';
import { ProcessGroup } from './process-group.js';

const node = (script: string) => [process.execPath, '-e', script];
const never = new AbortController().signal;
const LIMIT_MS = 120_000;

describe('ProcessGroup', () => {
  it('waits for a line and ends the process and its children', async () => {
    const group = new ProcessGroup(
      node(`
        const { spawn } = require('node:child_process');
        const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
        child.once('spawn', () => console.log('ready ' + child.pid));
        setInterval(() => {}, 1000);
      `),
      {},
    );
    const match = await group.waitForLine(/ready (\d+)/, LIMIT_MS, never);
    expect(await group.members()).toEqual(expect.arrayContaining([group.pid, Number(match?.[1])]));
    const usage = await treeUsage(group.pid ?? 0);
    expect(usage?.rssMb).toBeGreaterThan(20);

    expect(await group.stop()).toEqual([]);
    expect(await group.members()).toEqual([]);
    expect(group.alive).toBe(false);
  });

  it('finds and ends a daemon of another session whose parent was killed', async () => {
    const group = new ProcessGroup(
      node(`
        const { spawn } = require('node:child_process');
        const idle = "process.on('SIGTERM', () => {}); console.log('ready'); setInterval(() => {}, 1000)";
        spawn(process.execPath, ['-e', idle], { detached: true, stdio: ['ignore', 'inherit', 'inherit'] });
        setInterval(() => {}, 1000);
      `),
      {},
    );
    await group.waitForLine(/ready/, LIMIT_MS, never);
    expect(await group.members()).toHaveLength(2);
    process.kill(group.pid ?? 0, 'SIGKILL');
    await group.ended;
    expect(await group.stop(100)).toEqual([expect.stringContaining("process.on('SIGTERM'")]);
    expect(await group.members()).toEqual([]);
  });

  it('ends one that ignores SIGTERM', async () => {
    const group = new ProcessGroup(
      node(`process.on('SIGTERM', () => {}); console.log('ready'); setInterval(() => {}, 1000);`),
      {},
    );
    await group.waitForLine(/ready/, LIMIT_MS, never);
    expect(await group.stop(100)).toHaveLength(1);
    expect(group.exitDescription).toBe('was ended by SIGKILL');
  });

  it('gives up at once when the process ends, and keeps the end of its log', async () => {
    const group = new ProcessGroup(node(`console.error('no model here'); process.exit(3);`), {});
    expect(await group.waitForLine(/ready/, LIMIT_MS, never)).toBeNull();
    expect(group.exitDescription).toBe('ended with exit code 3');
    expect(group.logTail).toContain('no model here');
    await group.stop();
  });

  it('says so when the program does not exist', async () => {
    const group = new ProcessGroup(['/no/such/program'], {});
    expect(await group.waitForLine(/ready/, LIMIT_MS, never)).toBeNull();
    expect(group.exitDescription).toBe('could not be started');
    await group.stop();
  });

  it('gives up when told to', async () => {
    const abort = new AbortController();
    const group = new ProcessGroup(node(`setInterval(() => {}, 1000)`), {});
    const waiting = group.waitForLine(/ready/, LIMIT_MS, abort.signal);
    abort.abort();
    expect(await waiting).toBeNull();
    await group.stop();
  });
});
