import { expect, it } from 'vitest';
import { greedy } from '../schedule/policies/greedy.js';
import { Scheduler } from '../schedule/scheduler.js';
import type { SchedulerEvent } from '../schedule/scheduler-event.js';
import { runSchedule } from './run-schedule.js';

it('runs the background task of any policy at once', () => {
  const inputs = [3, 2, 1];
  const results: unknown[] = [];
  const policy = {
    ...greedy(4),
    observe: (event: SchedulerEvent) => {
      if (event.kind === 'task-done') results.push(event.result);
    },
    backgroundTask: {
      module: 'data:,',
      run: (input: number) => 10 * input,
      next: () => inputs.pop(),
    },
  };
  const scheduler = new Scheduler({ policy, maxBatchSize: 4, queueLimit: 10, maxWaitUs: 1000 });
  const images = [{ id: 1, arrivedUs: 5, deadlineUs: 1e9 }];
  const { outcomes } = runSchedule(scheduler, {
    workers: 1,
    serviceUs: () => 100,
    events: [{ kind: 'arrival', images, atUs: 5 }],
  });
  expect(results).toEqual([10, 20, 30]);
  expect(outcomes.get(1)).toEqual({ atUs: 105, outcome: 'ok' });
});
