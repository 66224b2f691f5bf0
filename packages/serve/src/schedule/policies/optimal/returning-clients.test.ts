import { seededRandom } from '@servelab/core';
import { expect, it } from 'vitest';
import { ReturningClients } from './returning-clients.js';

const MS = 1000;

/** Eight clients, a batch of all of them in 100 ms; each is back 1 to 3 ms after its answer. */
function loopOf(rounds: number): ReturningClients {
  const returning = new ReturningClients(20 * MS);
  const random = seededRandom(1, 'loop');
  for (let round = 0; round < rounds; round++) {
    const backUs = Array.from({ length: 8 }, () => (1 + 2 * random()) * MS).sort((a, b) => a - b);
    for (const us of backUs) returning.arrived(round * 103 * MS + us);
    returning.answered(8, (round + 1) * 103 * MS);
  }
  return returning;
}

it('detects a closed loop, its number of clients, and how soon they return', () => {
  const loop = loopOf(40).loop();
  expect(loop?.clients).toBe(8);
  expect(Math.min(...(loop?.thinkUs ?? []))).toBeGreaterThan(0.9 * MS);
  expect(Math.max(...(loop?.thinkUs ?? []))).toBeLessThan(3.1 * MS);
});

it('detects nothing before it has seen enough arrivals', () => {
  expect(loopOf(2).loop()).toBeUndefined();
});

it('does not mistake Poisson arrivals for a loop, however busy the worker is', () => {
  const returning = new ReturningClients(2 * MS);
  const random = seededRandom(2, 'poisson');
  let freeUs = 0;
  let atUs = 0;
  const ends: number[] = [];
  for (let n = 0; n < 5000; n++) {
    atUs += -Math.log(1 - random()) * 10.5 * MS;
    for (let endUs = ends[0]; endUs !== undefined && endUs <= atUs; endUs = ends[0]) {
      returning.answered(1, endUs);
      ends.shift();
    }
    returning.arrived(atUs);
    freeUs = Math.max(freeUs, atUs) + 10 * MS;
    ends.push(freeUs);
    expect(returning.loop()).toBeUndefined();
  }
});

it('detects when the clients are gone', () => {
  const returning = loopOf(40);
  for (let n = 0; n < 200; n++) returning.arrived((10_000 + n * 50) * MS);
  expect(returning.loop()).toBeUndefined();
});
