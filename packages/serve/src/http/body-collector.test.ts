import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BodyArena } from '../shared-memory/body-arena.js';
import { BodyBudget } from './body-budget.js';
import { BodyCollector } from './body-collector.js';

const KIB = 1024;
const MIB = 1024 * KIB;
const LIMIT = 16 * MIB;

/** A chunk as the parser makes it: memory of its own. */
const chunk = (length: number, fill = 7) => Buffer.from(new Uint8Array(length).fill(fill).buffer);

function collector(budgetBytes: number, declaredBytes: number | null = null, arena: BodyArena | null = null) {
  const budget = new BodyBudget(budgetBytes);
  const reservation = budget.open();
  return { budget, reservation, body: new BodyCollector(reservation, LIMIT, declaredBytes, arena) };
}

describe('a body that is put together', () => {
  it('is the one chunk itself where there is only one', () => {
    const { body } = collector(MIB);
    const only = chunk(300);
    expect(body.add(only)).toBeNull();
    expect(body.whole().bytes.buffer).toBe(only.buffer);
  });

  it('keeps its bytes in order, however they come', () => {
    const { body } = collector(4 * MIB);
    const sizes = [1, 200_000, 1, 1, 400_000, 3];
    for (const [n, size] of sizes.entries()) expect(body.add(chunk(size, n))).toBeNull();
    const expected = Buffer.concat(sizes.map((size, n) => chunk(size, n)));
    expect(body.whole().bytes.equals(expected)).toBe(true);
  });

  it('reserves the memory that it holds, which a chunk of one byte does not add to', () => {
    const { budget, body } = collector(LIMIT);
    for (let n = 0; n < 256 * KIB; n++) expect(body.add(chunk(1))).toBeNull();
    expect(budget.heldBytes).toBe(256 * KIB);
    expect(body.whole().bytes.buffer.byteLength).toBe(256 * KIB);
    body.add(chunk(1));
    expect(budget.heldBytes).toBe(512 * KIB);
  });

  it('reserves what a chunk keeps alive, where that is more than the chunk', () => {
    const { budget, body } = collector(MIB);
    body.add(chunk(64 * KIB).subarray(0, 10));
    expect(budget.heldBytes).toBe(64 * KIB);
  });

  it('holds as much as was declared and no more, and nothing before it comes', () => {
    const { budget, body } = collector(MIB, 700_000);
    expect(budget.heldBytes).toBe(0);
    for (let n = 0; n < 7; n++) expect(body.add(chunk(100_000))).toBeNull();
    expect(budget.heldBytes).toBe(700_000);
  });

  it('is refused above the limit, or where the budget is spent', () => {
    expect(collector(LIMIT * 2).body.add(chunk(LIMIT + 1))?.code).toBe('body_too_large');
    const { body, budget, reservation } = collector(300 * KIB);
    const other = budget.open();
    expect(other.resize(100 * KIB)).toBe(true);
    expect(body.add(chunk(100))).toBeNull();
    expect(body.add(chunk(100))?.code).toBe('queue_full');
    reservation.release();
    expect(budget.heldBytes).toBe(100 * KIB);
  });
});

describe.runIf(process.platform === 'linux')('in memory that the workers can read', () => {
  let arena: BodyArena;
  beforeAll(() => {
    const created = BodyArena.create(MIB);
    if (created === null) throw new Error('this Linux has no memory that can be sealed');
    arena = created;
  });
  afterAll(() => arena.close());

  it.each([
    ['that came in one chunk', [300]],
    ['that came in several', [60_000, 60_000, 200_000]],
  ])('a body %s lies there, and is charged what it takes', (_what, sizes) => {
    const { budget, body } = collector(MIB, null, arena);
    for (const [n, size] of sizes.entries()) expect(body.add(chunk(size, n))).toBeNull();
    const whole = body.whole();
    expect(arena.offsetOf(whole.bytes)).toBeGreaterThanOrEqual(0);
    expect(whole.bytes.equals(Buffer.concat(sizes.map((size, n) => chunk(size, n))))).toBe(true);
    expect(budget.heldBytes).toBe(whole.block?.bytes.length);
    whole.release();
    expect(budget.heldBytes).toBe(0);
    expect(arena.take(MIB)?.release()).toBeUndefined();
  });

  it('where that has no room, a body lies on the heap as ever', () => {
    const all = arena.take(MIB);
    const { body } = collector(MIB, null, arena);
    for (const size of [1000, 1000]) expect(body.add(chunk(size))).toBeNull();
    const whole = body.whole();
    expect([whole.block, arena.offsetOf(whole.bytes), whole.bytes.length]).toEqual([null, -1, 2000]);
    all?.release();
  });

  it('what is refused gives its room back', () => {
    const { body } = collector(300_000, null, arena);
    expect(body.add(chunk(1000))).toBeNull();
    expect(body.add(chunk(100_000))).toBeNull();
    expect(body.add(chunk(400_000))?.code).toBe('queue_full');
    body.discard();
    const all = arena.take(MIB);
    expect(all).not.toBeNull();
    all?.release();
  });
});

describe('the budget', () => {
  it('changes nothing where it refuses, and always lets go', () => {
    const budget = new BodyBudget(100);
    const [a, b] = [budget.open(), budget.open()];
    expect([a.resize(60), b.resize(41), b.resize(40), a.resize(61), a.resize(10)]).toEqual([
      true,
      false,
      true,
      false,
      true,
    ]);
    expect(budget.heldBytes).toBe(50);
    a.release();
    a.release();
    b.release();
    expect(budget.heldBytes).toBe(0);
  });
});
