import { describe, expect, it } from 'vitest';
import { IdleWorkers } from './idle-workers.js';

describe('idle workers', () => {
  it('are in ascending order, each once', () => {
    const idle = new IdleWorkers();
    for (const worker of [10, 2, 10, 1]) idle.add(worker, 0);
    expect(idle.workers).toEqual([1, 2, 10]);
  });

  it('know since when there has been one without a break', () => {
    const idle = new IdleWorkers();
    idle.add(1, 10);
    idle.add(2, 20);
    idle.remove(1);
    expect(idle.sinceUs).toBe(10);
    idle.remove(2);
    idle.add(1, 30);
    expect(idle.sinceUs).toBe(30);
  });

  it('may be gone through while they are taken', () => {
    const idle = new IdleWorkers();
    for (const worker of [1, 2, 3]) idle.add(worker, 0);
    const seen: number[] = [];
    for (const worker of idle.workers) {
      seen.push(worker);
      idle.remove(worker);
    }
    expect(seen).toEqual([1, 2, 3]);
    expect(idle.workers).toEqual([]);
  });

  it('ignore the end of one that is not among them', () => {
    const idle = new IdleWorkers();
    idle.add(1, 0);
    idle.remove(7);
    expect(idle.workers).toEqual([1]);
  });
});
