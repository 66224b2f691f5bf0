import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createPolicy } from '../schedule/policies/index.js';
import { POLICY_OPTIONS } from '../schedule/policies/policy-options.fixture.js';
import { BackgroundRunner } from './background-runner.js';

/** Nice values of this process's threads; the main one first. */
function niceValues(): number[] {
  const [main, ...others] = readdirSync('/proc/self/task')
    .map(Number)
    .sort((one, other) => one - other)
    // After the name, which may contain spaces: the 17th field.
    .map((id) => readFileSync(`/proc/self/task/${id}/stat`, 'utf8').split(') ')[1]?.split(' ')[16]);
  return [main, ...others].map(Number);
}

/** A task as a user would write it; the runner reads no more of it than its module and its warm-up. */
const taskOf = (code: string) => ({
  module: `data:text/javascript,${encodeURIComponent(code)}`,
  run: () => undefined,
  next: () => undefined,
});

const outcomeOf = (runner: BackgroundRunner, input: unknown) =>
  new Promise<unknown>((resolve, reject) => runner.run(input, { done: resolve, failed: reject }));

async function withRunner(runner: BackgroundRunner, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } finally {
    await runner.close();
  }
}

describe('a background task', () => {
  it.runIf(process.platform === 'linux')('gives way to requests, and only itself', async () => {
    const before = niceValues();
    const runner = new BackgroundRunner(createPolicy('optimal', POLICY_OPTIONS).backgroundTask);
    await withRunner(runner, async () => {
      await runner.warmUp();
      const after = niceValues();
      expect(after[0]).toBe(before[0]);
      expect(after.filter((nice) => nice === 10)).toHaveLength(
        before.filter((nice) => nice === 10).length + 1,
      );
    });
  });

  it('of any policy runs off this thread, one input at a time', async () => {
    const task = taskOf(`import { isMainThread } from 'node:worker_threads';
      export default (n) => ({ twice: 2 * n, isMainThread });`);
    const runner = new BackgroundRunner(task);
    await withRunner(runner, async () => {
      expect(runner.isFree).toBe(true);
      const first = outcomeOf(runner, 21);
      expect(runner.isFree).toBe(false);
      expect(await first).toEqual({ twice: 42, isMainThread: false });
      expect(runner.isFree).toBe(true);
      expect(await outcomeOf(runner, 4)).toEqual({ twice: 8, isMainThread: false });
    });
  });

  it('that throws has no result, and the next input has a new thread', async () => {
    const task = taskOf(`export default (n) => {
        if (n < 0) throw new RangeError('below zero');
        return n;
      };`);
    const runner = new BackgroundRunner(task);
    await withRunner(runner, async () => {
      await expect(outcomeOf(runner, -1)).rejects.toMatchObject({ name: 'RangeError' });
      expect(runner.isFree).toBe(true);
      expect(await outcomeOf(runner, 7)).toBe(7);
    });
  });

  it('that never returns is ended after its time', async () => {
    const task = taskOf(`export default () => { for (;;); };`);
    const runner = new BackgroundRunner(task, 500);
    await withRunner(runner, async () => {
      await expect(outcomeOf(runner, -1)).rejects.toThrow('500 ms');
    });
  });

  it.each([
    ['a module that does not exist', 'file:///does/not/exist.mjs'],
    ['a module without a function', 'data:text/javascript,export default 5'],
  ])('of %s has no result', async (_name, module) => {
    const runner = new BackgroundRunner({ ...taskOf(''), module });
    await withRunner(runner, async () => {
      await expect(outcomeOf(runner, 1)).rejects.toBeInstanceOf(Error);
    });
  });

  it('that still runs when it is closed tells nobody', async () => {
    const runner = new BackgroundRunner(taskOf('export default () => { for (;;); };'));
    const called: unknown[] = [];
    runner.run(1, { done: (result) => called.push(result), failed: (failure) => called.push(failure) });
    await runner.close();
    await runner.idle();
    expect(called).toEqual([]);
  });

  it('does not exist for most policies: the runner is never free', () => {
    expect(new BackgroundRunner(createPolicy('greedy', POLICY_OPTIONS).backgroundTask).isFree).toBe(false);
  });
});
