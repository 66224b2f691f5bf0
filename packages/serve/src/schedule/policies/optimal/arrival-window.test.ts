import { expect, it } from 'vitest';
import { ArrivalWindow } from './arrival-window.js';

const S = 1_000_000;

it('knows no gap before there were two arrivals', () => {
  const window = new ArrivalWindow();
  expect(window.meanGapUs(0)).toBe(Number.POSITIVE_INFINITY);
  window.add(5);
  expect(window.meanGapUs(10)).toBe(Number.POSITIVE_INFINITY);
  expect(window.gapsUs(10)).toHaveLength(0);
});

it('gives gaps oldest first, and counts the silence since the last arrival', () => {
  const window = new ArrivalWindow();
  for (const atUs of [100, 300, 700]) window.add(atUs);
  expect([...window.gapsUs(700)]).toEqual([200, 400]);
  expect(window.meanGapUs(700)).toBe(300);
  expect(window.meanGapUs(1300)).toBe(600);
});

it('forgets what is older than its horizon, once there is enough that is newer', () => {
  const window = new ArrivalWindow();
  for (let n = 0; n < 1000; n++) window.add(n * S); // a slow past
  for (let n = 0; n < 2000; n++) window.add(1000 * S + n * 0.01 * S); // 100 a second
  expect(window.meanGapUs(1020 * S) / S).toBeCloseTo((1020 - 960) / (2000 + 39), 2);
  expect(window.seen).toBe(3000);
});

it('keeps no more than its ring holds', () => {
  const window = new ArrivalWindow();
  for (let n = 0; n < 10_000; n++) window.add(n * 1000);
  expect(window.gapsUs(10_000_000)).toHaveLength(4096);
  expect(window.meanGapUs(9_999_000)).toBe(1000);
});
