import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PlanSolver } from './plan-solver.js';

/** Nice values of this process's threads; the main one first. */
function niceValues(): number[] {
  const [main, ...others] = readdirSync('/proc/self/task')
    .map(Number)
    .sort((one, other) => one - other)
    // After the name, which may contain spaces: the 17th field.
    .map((id) => readFileSync(`/proc/self/task/${id}/stat`, 'utf8').split(') ')[1]?.split(' ')[16]);
  return [main, ...others].map(Number);
}

describe('the plan solver', () => {
  it.runIf(process.platform === 'linux')('gives way to requests, and only itself', async () => {
    const before = niceValues();
    const solver = new PlanSolver();
    try {
      await solver.warmUp();
      const after = niceValues();
      expect(after[0]).toBe(before[0]);
      expect(after.filter((nice) => nice === 10)).toHaveLength(
        before.filter((nice) => nice === 10).length + 1,
      );
    } finally {
      await solver.close();
    }
  });
});
