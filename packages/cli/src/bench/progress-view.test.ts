import type { BenchEvent } from '@servelab/lab';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FakeTerminal } from '../../../../test/fixtures/fake-terminal.js';
import { Screen } from '../live/screen.js';
import { progressView } from './progress-view.js';

const load = { mode: 'closed' as const, concurrency: 8 };
const open = { mode: 'open' as const, rate_rps: 63.5, arrivals: 'poisson' as const };
const turn = { order: 0, repeat: 0, workload: 'photographs', stack: 'servelab:none', loads: [load, open] };
const progress = {
  phase: 'measured' as const,
  elapsedUs: 2_000_000,
  totalUs: 4_000_000,
  sent: 210,
  done: 202,
  errors: 0,
  inFlight: 8,
  ratePerS: 101,
  latencyUs: { p50: 70_000, p95: 81_000, p99: 90_000 },
};
const EVENTS: BenchEvent[] = [
  { kind: 'calibrating', workload: 'photographs', stack: 'servelab:none' },
  { kind: 'announced', turns: 2, points: 4, blocks: 2, remainingS: 65 },
  { kind: 'turn-started', turn, turns: 2, remainingS: 65 },
  { kind: 'golden', turn, result: { checked: 64, agreed: 64, required: 64 } },
  { kind: 'progress', turn, load, progress: { ...progress, ratePerS: 50 } },
  { kind: 'point-done', turn, load, throughputRps: 103.2, errors: 2 },
  { kind: 'progress', turn, load: open, progress: { ...progress, ratePerS: 50.5 } },
  { kind: 'progress', turn, load: open, progress },
];

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** What is printed line by line, and what a terminal shows, when these events happen. */
function viewOf(events: readonly BenchEvent[], drawn: FakeTerminal | null) {
  const printed: string[] = [];
  const terminal = {
    out: () => {},
    err: (text: string) => void printed.push(text),
    interactive: drawn !== null,
    environment: {},
  };
  let nowMs = 0;
  const view = progressView(terminal, drawn && new Screen(drawn, { TERM: 'xterm' }), () => nowMs);
  for (const event of events) {
    nowMs += 1000;
    view.observe(event);
  }
  return { view, printed };
}

it('shows the whole run above the live figures of the point, and lasting lines above both', () => {
  const terminal = new FakeTerminal(100, 24);
  const { view } = viewOf(EVENTS, terminal);
  // Progress alone does not draw: that is done once a second.
  expect(terminal.written).not.toContain('202 done');
  vi.advanceTimersByTime(1000);
  expect(terminal.shown()).toEqual([
    '4 points in 2 fresh processes: about 1:05 minutes.',
    '  repeat 1  photographs servelab:none                closed 8         103.2 req/s  2 not ok',
    `run       ${'█'.repeat(10)}${'░'.repeat(30)}  25 %   point 2 of 4   ETA 1:00`,
    'stack     servelab:none   photographs   open 63.5/s   block 1 of 2',
    `measured  ${'█'.repeat(20)}${'░'.repeat(20)}  50 %   0:02 left`,
    'rate      101 req/s     ▅█',
    'latency   p50 70   p95 81   p99 90 ms',
    'requests  202 done   8 in flight   0 errors',
  ]);
  view.end();
  expect(terminal.shown()).toHaveLength(2);
});

it('says what is done while no load runs, and where the run is after a stack has failed', () => {
  const terminal = new FakeTerminal(100, 24);
  const failed: BenchEvent = {
    kind: 'stack-failed',
    stack: 'servelab:none',
    message: 'servelab:none died',
    logTail: '\u001b[31mout of memory\u001b[0m',
  };
  const next = { ...turn, order: 1, repeat: 1 };
  const { view } = viewOf(
    [...EVENTS, failed, { kind: 'turn-started', turn: next, turns: 2, remainingS: 30 }],
    terminal,
  );
  expect(terminal.shown().slice(2)).toEqual([
    'FAILED: servelab:none died; the others go on. The end of its log:',
    '    out of memory',
    `run       ${'█'.repeat(20)}${'░'.repeat(20)}  50 %   point 3 of 4   ETA 0:30`,
    'stack     servelab:none   photographs   block 2 of 2',
    'now       starts the stack',
  ]);
  view.end();
});

it('prints plain lines where nothing can be drawn: one a point, with how far the run is', () => {
  expect(viewOf(EVENTS, null).printed).toEqual([
    '  photographs servelab:none: its capacity is measured',
    '4 points in 2 fresh processes: about 1:05 minutes.',
    expect.stringMatching(/^ {2}repeat 1 .* 103\.2 req\/s {2}2 not ok {3}1 of 4 {3}ETA 1:02$/),
  ]);
});
