import { describe, expect, it } from 'vitest';
import { halfBucketMs } from './causes.js';
import type { ClientNote, ImportedLoad } from './imported-load.js';
import { importedLoad } from './load.fixture.js';
import { whyTheyDiffer } from './why-they-differ.js';

const k6 = (changes: Partial<ImportedLoad> = {}) =>
  importedLoad({
    tool: 'k6',
    connections: { charged: 'apart', meanMs: 0.1, maxMs: 2 },
    ...changes,
  });

function finding(cause: string, ...loads: ImportedLoad[]) {
  const found = whyTheyDiffer(loads)?.findings.find((one) => one.cause.includes(cause));
  if (found === undefined) throw new Error(`no cause says "${cause}"`);
  return { applies: found.applies, evidence: found.evidence.join('\n') };
}

const note = (changes: Partial<ClientNote>): ClientNote => ({
  toolVersion: '1',
  stack: 'fastapi/tuned',
  url: 'http://127.0.0.1:8000',
  users: 8,
  rateRps: null,
  warmupS: 1,
  measuredS: 10,
  thinkS: 0,
  cores: 1,
  busy: 0.2,
  ...changes,
});

describe('why loads differ', () => {
  it('says nothing of one load', () => {
    expect(whyTheyDiffer([importedLoad()])).toBeNull();
  });

  it('says by how much they do', () => {
    expect(whyTheyDiffer([importedLoad(), k6({ throughputRps: 110 })])?.spread[0]).toBe(
      'throughput: 100 ok/s (fastapi/tuned by locust) to 110 ok/s (fastapi/tuned by k6), 10 % apart',
    );
  });

  it('an open loop beside a closed one is another load', () => {
    const open = k6({ load: { mode: 'open', rate_rps: 100, arrivals: 'constant' } });
    expect(finding('different loads', importedLoad(), open)).toMatchObject({ applies: true });
    expect(finding('different loads', importedLoad(), k6())).toMatchObject({ applies: false });
  });

  it('a load that was guessed decides nothing', () => {
    const guessed = k6({ load: { mode: 'closed', concurrency: 9 }, loadIsKnown: false });
    const { applies, evidence } = finding('different loads', importedLoad(), guessed);
    expect(applies).toBeNull();
    expect(evidence).toContain('--rate or --users says it');
  });

  it('dropped iterations are requests that were never sent', () => {
    const dropping = k6({
      load: { mode: 'open', rate_rps: 100, arrivals: 'constant' },
      dropped: 40,
      counts: { ...k6().counts, scheduled: 1040, incomplete: 40 },
    });
    const { applies, evidence } = finding('Coordinated omission', dropping, importedLoad());
    expect(applies).toBe(true);
    expect(evidence).toContain('40 of 1040 requests were due and never sent');
  });

  it('a stall in a closed loop hides the requests that an open one would have sent', () => {
    const stalled = importedLoad({ fromSend: { ...importedLoad().fromSend, max: 1000 } });
    const open = k6({ load: { mode: 'open', rate_rps: 100, arrivals: 'constant' } });
    // 100/s for 1 s, less the eight that the users have sent.
    expect(finding('Coordinated omission', stalled, open).evidence).toContain('sent 92 more requests');
    expect(finding('Coordinated omission', stalled, k6())).toMatchObject({ applies: false });
  });

  it('users who wait less than all the time have paused, or their tool was busy', () => {
    const thinking = importedLoad({ fromSend: { ...importedLoad().fromSend, mean: 40 }, thinkS: 0.04 });
    const { applies, evidence } = finding('Time between', thinking, k6());
    expect(applies).toBe(true);
    // 8 users, 100/s: 80 ms a turn, of which 40 ms waiting.
    expect(evidence).toContain('in 50 % of their time, that is 40.00 ms after each answer');
    expect(evidence).toContain('asked to pause for 0.04 s');
    expect(finding('Time between', importedLoad(), k6())).toMatchObject({ applies: false });
  });

  it('latency from the schedule holds what the client adds', () => {
    const late = importedLoad({ fromSchedule: { ...importedLoad().fromSchedule, mean: 100 } });
    expect(finding('Latency runs from', late, k6())).toMatchObject({ applies: true });
    const { applies, evidence } = finding('Latency runs from', importedLoad(), k6());
    expect(applies).toBe(false);
    expect(evidence).toContain('mean 80 ms from the schedule, 79 ms from the send (1.27 % more)');
  });

  it('connections matter where opening them takes a share of the latency', () => {
    expect(finding('Setting up connections', importedLoad(), k6())).toMatchObject({ applies: false });
    const slow = k6({ connections: { charged: 'apart', meanMs: 20, maxMs: 90 } });
    expect(finding('Setting up connections', importedLoad(), slow)).toMatchObject({ applies: true });
  });

  it('percentiles inside one bucket of Locust do not differ', () => {
    expect([99, 100, 999, 1000, 20_000].map(halfBucketMs)).toEqual([0.5, 5, 5, 50, 500]);
    const near = k6({ fromSend: { ...k6().fromSend, p95: 90.4, p99: 126 } });
    const { applies, evidence } = finding('two digits', importedLoad(), near);
    expect(applies).toBe(true);
    expect(evidence).toContain('p99 120 ms stands for 115 to 125 ms');
    expect(evidence).toContain('p95 of fastapi/tuned by k6, 90.4 ms, is in that step');
    expect(evidence).not.toContain('p99 of');
  });

  it('a client at its limit is the bottleneck, and one that nobody watched is not judged', () => {
    const busy = importedLoad({ client: note({ busy: 0.97 }) });
    const { applies, evidence } = finding('bottleneck', busy, k6({ client: note({ cores: 4, busy: 0.4 }) }));
    expect(applies).toBe(true);
    expect(evidence).toContain('busy for 97 % of the 1 core it can use, 9.7 ms of CPU a request');
    expect(evidence).toContain('busy for 10 % of the 4 cores');
    expect(finding('bottleneck', importedLoad(), k6())).toMatchObject({ applies: null });
  });

  it('a cold start counts where only one has it', () => {
    const cold = importedLoad({ warmupIncluded: true });
    expect(finding('The start', cold, k6())).toMatchObject({ applies: true });
    expect(finding('The start', cold, k6({ warmupIncluded: true }))).toMatchObject({ applies: false });
    expect(finding('The start', cold, k6({ warmupIncluded: null }))).toMatchObject({ applies: null });
  });

  it('failed requests that are timed move percentiles', () => {
    const counts = { ...importedLoad().counts, ok: 900, failed: 100 };
    const failing = importedLoad({ counts, failuresTimed: true });
    expect(finding('Failed requests', failing, k6())).toMatchObject({ applies: true });
    expect(whyTheyDiffer([importedLoad(), k6()])?.findings.map(({ cause }) => cause)).not.toContain(
      'Failed requests are timed like answers',
    );
  });
});
