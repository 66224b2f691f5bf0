import { describe, expect, it } from 'vitest';
import { sessionProcesses, treeUsage } from '../machine/process-usage.js';
import { ProcessGroup } from './process-group.js';

const node = (script: string) => [process.execPath, '-e', script];
const never = new AbortController().signal;
const LIMIT_MS = 20_000;

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
    const session = group.pid ?? 0;
    expect(await sessionProcesses(session)).toContain(Number(match?.[1]));
    const usage = await treeUsage(session);
    expect(usage?.rssMb).toBeGreaterThan(20);

    await group.stop();
    expect(await sessionProcesses(session)).toEqual([]);
    expect(group.alive).toBe(false);
  });

  it('ends one that ignores SIGTERM', async () => {
    const group = new ProcessGroup(
      node(`process.on('SIGTERM', () => {}); console.log('ready'); setInterval(() => {}, 1000);`),
      {},
    );
    await group.waitForLine(/ready/, LIMIT_MS, never);
    await group.stop(100);
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
