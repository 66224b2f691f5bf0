import { stripVTControlCharacters } from 'node:util';
import type { Load } from '@servelab/core';
import { type BenchEvent, capacityWords } from '@servelab/lab';
import { clockTime } from '../live/clock-time.js';
import { type Line, textOf } from '../live/line.js';
import { etaWords, type RunState } from './run-state.js';

export function loadWords(load: Load): string {
  return load.mode === 'closed' ? `closed ${load.concurrency}` : `open ${load.rate_rps}/s`;
}

/** The lasting line of an event; null for those that only move what is live. */
export function eventLine(event: BenchEvent): Line | null {
  switch (event.kind) {
    case 'announced':
      return said(
        `${event.points} points in ${event.turns} fresh processes: about ${clockTime(event.remainingS)} minutes.`,
      );
    case 'calibrated':
      return said(
        `${event.workload}: the slowest does ${event.slowestRps.toFixed(1)} req/s, so the open rate is ${event.ratesRps.join(', ')} req/s.`,
      );
    case 'driver-calibrated': {
      const { ceiling, floor, open } = event.driver;
      return said(
        `The load driver itself: at most ${ceiling.rps.toFixed(0)} req/s, at least ${floor.p50_ms.toFixed(2)} ms, lag p99 ${open.lag_p99_ms.toFixed(2)} ms.`,
      );
    }
    case 'golden':
      return event.result.agreed < event.result.required
        ? trouble(
            `WRONG ANSWERS: ${event.turn.stack} agreed on ${event.result.agreed} of ${event.result.checked} golden images, ${event.result.required} are needed.`,
          )
        : null;
    case 'point-done':
      return pointLine(event);
    case 'search-started':
      return said(`  ${event.turn.stack}: searching for the highest rate under ${event.slo}`);
    case 'rate-tried': {
      const { rate_rps, outcome, reasons } = event.tried;
      return said(
        `    ${String(rate_rps).padStart(7)} req/s  ${[outcome, ...reasons.slice(0, 1)].join(': ')}`,
      );
    }
    case 'search-done':
      return said(
        `  ${event.turn.stack}: highest rate under ${event.slo}: ${capacityWords(event.capacity)} req/s`,
      );
    case 'disturbed':
      return said(
        `  the machine was not quiet: ${event.turn.stack} ${loadWords(event.load)} is measured again`,
      );
    case 'stack-failed':
      return trouble(
        `FAILED: ${event.message}; the others go on. The end of its log:\n${indent(stripVTControlCharacters(event.logTail))}`,
      );
    case 'left-behind':
      return trouble(
        `  LEFT BEHIND by ${event.stack} when it was stopped, and ended by force: ${event.left.join('; ')}`,
      );
    case 'interrupted':
      return said('Interrupted: everything was stopped; what was measured is kept.');
    case 'calibrating':
    case 'calibrating-driver':
    case 'turn-started':
    case 'progress':
      return null;
  }
}

/**
 * What a log file gets of an event: the lasting lines, each point with how far the run is, and what takes long without
 * a line of its own.
 *
 * @param state after the event
 */
export function plainWords(event: BenchEvent, state: RunState, nowMs: number): string | null {
  if (event.kind === 'calibrating') return `  ${event.workload} ${event.stack}: its capacity is measured`;
  const line = eventLine(event);
  if (line === null) return null;
  if (event.kind !== 'point-done' || state.size === null) return textOf(line);
  return `${textOf(line)}   ${state.pointsDone} of ${state.size.points}   ${etaWords(state, nowMs)}`;
}

function pointLine({ turn, load, throughputRps, errors }: Extract<BenchEvent, { kind: 'point-done' }>): Line {
  const where = `${turn.workload} ${turn.stack}`.padEnd(40);
  const words = `  repeat ${turn.repeat + 1}  ${where} ${loadWords(load).padEnd(14)} ${throughputRps.toFixed(1).padStart(7)} req/s`;
  return [...said(words), ...(errors > 0 ? trouble(`  ${errors} not ok`) : [])];
}

const said = (text: string): Line => [{ text }];
const trouble = (text: string): Line => [{ text, tone: 'bad' }];

const indent = (text: string): string => text.trimEnd().replaceAll(/^/gm, '    ');
