import { seededRandom } from '@servelab/core';
import { expect, it } from 'vitest';
import { UnitAllocator } from './unit-allocator.js';

it('takes the first run that is long enough', () => {
  const units = new UnitAllocator(8);
  expect([units.take(2), units.take(1), units.take(3)]).toEqual([0, 2, 3]);
  units.release(0, 2);
  units.release(2, 1);
  expect([units.take(4), units.take(3), units.take(2)]).toEqual([-1, 0, 6]);
  expect(units.take(1)).toBe(-1);
});

it('never gives a unit to two, and finds room wherever there is some', () => {
  const random = seededRandom(1, 'units');
  const total = 64;
  const units = new UnitAllocator(total);
  const taken: { first: number; units: number }[] = [];
  for (let step = 0; step < 5000; step++) {
    if (taken.length > 0 && random() < 0.5) {
      const [gone] = taken.splice(Math.floor(random() * taken.length), 1);
      if (gone !== undefined) units.release(gone.first, gone.units);
      continue;
    }
    const wanted = 1 + Math.floor(random() * 8);
    const owners = Array.from({ length: total }, (_, unit) =>
      taken.some((run) => unit >= run.first && unit < run.first + run.units) ? 'x' : '.',
    ).join('');
    const first = units.take(wanted);
    expect(first).toBe(owners.indexOf('.'.repeat(wanted)));
    if (first !== -1) taken.push({ first, units: wanted });
  }
});
