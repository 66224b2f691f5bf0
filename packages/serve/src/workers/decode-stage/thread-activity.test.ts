import { expect, it } from 'vitest';
import { ThreadActivity } from './thread-activity.js';

it('shows the task and for how long, from the last beginning on', () => {
  const shared = ThreadActivity.create();
  const [thread, other] = [new ThreadActivity(shared), new ThreadActivity(shared)];
  expect(other.look(5)).toBeNull();
  thread.begin(7, 100.4);
  expect(other.look(130.9)).toEqual({ task: 7, forMs: 30 });
  thread.begin(7, 125);
  expect(other.look(130)).toEqual({ task: 7, forMs: 5 });
  thread.end();
  expect(other.look(140)).toBeNull();
});

it('counts on where a clock of 32 bits begins anew, after 25 days', () => {
  const activity = new ThreadActivity(ThreadActivity.create());
  const days = 24 * 60 * 60 * 1000;
  for (const nowMs of [2 ** 31 - 10, 2 ** 32 - 10, 400 * days]) {
    activity.begin(1, nowMs);
    expect(activity.look(nowMs + 30)).toEqual({ task: 1, forMs: 30 });
  }
});
