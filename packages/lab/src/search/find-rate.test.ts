import { type Random, seededRandom } from '@servelab/core';
import { describe, expect, it } from 'vitest';
import type { RateVote, TryOutcome } from '../analyse/rate-bracket.js';
import { nextStep, type RateSearch } from './find-rate.js';

const SEARCH: RateSearch = { startRps: 10, lowestRps: 1, highestRps: 10_000, relativeWidth: 0.05 };

function run(outcomeAt: (rateRps: number) => TryOutcome, search = SEARCH) {
  const votes: RateVote[] = [];
  for (;;) {
    const step = nextStep(search, votes);
    if (step.kind === 'done') return { ...step, ...step.bracket, votes };
    votes.push({ rateRps: step.rateRps, outcome: outcomeAt(step.rateRps) });
  }
}

const rates = (votes: readonly RateVote[]) => votes.map(({ rateRps }) => rateRps);

describe('a search for the highest rate', () => {
  it('doubles, bisects at the geometric mean, and confirms both ends', () => {
    const { votes, ...found } = run((rate) => (rate <= 33 ? 'pass' : 'fail'));
    expect(rates(votes)).toEqual([10, 20, 40, 28.28, 33.63, 30.84, 32.2, 33.63, 32.2]);
    expect(found).toMatchObject({ end: 'found', passRps: 32.2, failRps: 33.63 });
  });

  it.each([0.9, 1.7, 13, 160, 1234, 9999])('brackets a limit of %s in a few tries', (limit) => {
    const search = { ...SEARCH, lowestRps: 0.1 };
    const { passRps, failRps, end, votes } = run((rate) => (rate <= limit ? 'pass' : 'fail'), search);
    expect(end).toBe('found');
    expect(passRps).toBeLessThanOrEqual(limit);
    expect(failRps).toBeGreaterThan(limit);
    expect((failRps ?? 0) / (passRps ?? 1) - 1).toBeLessThanOrEqual(0.05);
    expect(votes.length).toBeLessThan(20);
  });

  it.each(['a false fail', 'a false pass'])('opens the bracket again after %s', (what) => {
    const wrongAt = what === 'a false fail' ? 20 : 40;
    let lies = 1;
    const { passRps, failRps } = run((rate) => {
      const truth = rate <= 33 ? 'pass' : 'fail';
      if (rate !== wrongAt || lies-- <= 0) return truth;
      return truth === 'pass' ? 'fail' : 'pass';
    });
    expect(passRps).toBeLessThanOrEqual(33);
    expect(failRps).toBeGreaterThan(33);
  });

  it('finds the rate that passes half the time, to within the noise', () => {
    // The chance to pass falls from 88 % to 12 % within +-10 % of 100.
    const chance = (rate: number) => 1 / (1 + Math.exp((rate - 100) / 5));
    const outcome = (random: Random) => (rate: number) => (random() < chance(rate) ? 'pass' : 'fail');
    const searches = Array.from({ length: 300 }, (_, seed) => run(outcome(seededRandom(seed, 'noise'))));
    const middles = searches.map(({ passRps, failRps }) => Math.sqrt((passRps ?? 0) * (failRps ?? 0)));
    expect(searches.every(({ end }) => end === 'found')).toBe(true);
    expect(middles.filter((middle) => middle > 85 && middle < 115).length).toBeGreaterThan(285);
    expect(Math.max(...searches.map(({ votes }) => votes.length))).toBeLessThan(40);
  });

  it('ends where the client is the limit, with the pass below it confirmed', () => {
    const { votes, ...found } = run((rate) => (rate < 60 ? 'pass' : 'invalid'));
    expect(rates(votes)).toEqual([10, 20, 40, 80, 80, 40]);
    expect(found).toMatchObject({ end: 'client-limit', passRps: 40, failRps: null });
  });

  it('forgives one invalid window', () => {
    let disturbed = true;
    const { end } = run((rate) => {
      if (rate === 20 && disturbed) {
        disturbed = false;
        return 'invalid';
      }
      return rate <= 33 ? 'pass' : 'fail';
    });
    expect(end).toBe('found');
  });

  it('says where the answer lies outside what was asked for', () => {
    expect(run(() => 'pass')).toMatchObject({ end: 'holds-highest', passRps: 10_000, failRps: null });
    expect(run(() => 'fail')).toMatchObject({ end: 'fails-lowest', passRps: null, failRps: 1 });
  });

  it('is bounded where outcomes are chance alone', () => {
    const random = seededRandom(3, 'coin');
    const { votes } = run(() => (random() < 0.5 ? 'pass' : 'fail'), { ...SEARCH, relativeWidth: 1e-9 });
    expect(votes.length).toBeLessThanOrEqual(60);
  });
});
