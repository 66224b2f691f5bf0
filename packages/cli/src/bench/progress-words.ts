import type { Load } from '@servelab/core';
import type { BenchEvent, DriverProgress } from '@servelab/lab';

/** `2:05`, minutes and seconds. */
export function clockTime(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

export function loadWords(load: Load): string {
  return load.mode === 'closed' ? `closed ${load.concurrency}` : `open ${load.rate_rps}/s`;
}

/** The numbers of a point while it is measured. */
export function liveWords({ ratePerS, latencyUs, inFlight, errors, phase }: DriverProgress): string {
  const latency =
    latencyUs === null
      ? 'no answer yet'
      : `p50 ${(latencyUs.p50 / 1000).toFixed(1)} ms  p99 ${(latencyUs.p99 / 1000).toFixed(1)} ms`;
  const trouble = errors > 0 ? `  ${errors} ERRORS` : '';
  return `${phase.padEnd(8)} ${ratePerS.toFixed(0).padStart(4)} req/s  ${latency}  ${inFlight} in flight${trouble}`;
}

/** The lasting line of an event; null for those that only move the live line. */
export function eventLine(event: BenchEvent): string | null {
  switch (event.kind) {
    case 'announced':
      return `${event.points} points in ${event.turns} fresh processes: about ${clockTime(event.remainingS)} minutes.`;
    case 'calibrated':
      return `${event.workload}: the slowest does ${event.slowestRps.toFixed(1)} req/s, so the open rate is ${event.ratesRps.join(', ')} req/s.`;
    case 'golden':
      return event.result.agreed < event.result.required
        ? `WRONG ANSWERS: ${event.turn.stack} agreed on ${event.result.agreed} of ${event.result.checked} golden images, ${event.result.required} are needed.`
        : null;
    case 'point-done':
      return pointLine(event);
    case 'disturbed':
      return `  the machine was not quiet: ${event.turn.stack} ${loadWords(event.load)} is measured again`;
    case 'stack-failed':
      return `FAILED: ${event.message}; the others go on. The end of its log:\n${indent(event.logTail)}`;
    case 'left-behind':
      return `  LEFT BEHIND by ${event.stack} when it was stopped, and ended by force: ${event.left.join('; ')}`;
    case 'interrupted':
      return 'Interrupted: everything was stopped; what was measured is kept.';
    case 'calibrating':
    case 'turn-started':
    case 'progress':
      return null;
  }
}

function pointLine({
  turn,
  load,
  throughputRps,
  errors,
}: Extract<BenchEvent, { kind: 'point-done' }>): string {
  const where = `${turn.workload} ${turn.stack}`.padEnd(40);
  const trouble = errors > 0 ? `  ${errors} not ok` : '';
  return `  repeat ${turn.repeat + 1}  ${where} ${loadWords(load).padEnd(14)} ${throughputRps.toFixed(1).padStart(7)} req/s${trouble}`;
}

const indent = (text: string): string => text.trimEnd().replaceAll(/^/gm, '    ');
