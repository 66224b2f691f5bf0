import { type Load, MS_PER_S } from '@servelab/core';
import type { BenchEvent } from '@servelab/lab';
import { clockTime } from '../live/clock-time.js';
import { type LiveFigures, withProgress } from '../live/figures.js';

type Turn = Extract<BenchEvent, { kind: 'turn-started' }>['turn'];

/** Where a run is: all that the live view is drawn from. */
export interface RunState {
  /** Of the whole run; null before it is announced. */
  readonly size: { readonly points: number; readonly blocks: number } | null;
  /** Points behind, those of stacks that failed among them. */
  readonly pointsDone: number;
  /** When the run will have ended, on the caller's clock. */
  readonly endsAtMs: number | null;
  readonly turn: Turn | null;
  /** After the points: the highest rate of the turn's stack is searched for. */
  readonly searching: boolean;
  /** Where the next turn begins, however this one ends. */
  readonly pointsAfterTurn: number;
  /** What is done while no load runs. */
  readonly doing: string;
  readonly point: { readonly load: Load; readonly figures: LiveFigures } | null;
}

export const BEFORE_RUN: RunState = {
  size: null,
  pointsDone: 0,
  endsAtMs: null,
  turn: null,
  searching: false,
  pointsAfterTurn: 0,
  doing: 'takes reference answers',
  point: null,
};

/** @param nowMs of any clock that only goes forward */
export function afterEvent(state: RunState, event: BenchEvent, nowMs: number): RunState {
  switch (event.kind) {
    case 'announced': {
      const { points, blocks, remainingS } = event;
      return { ...state, size: { points, blocks }, endsAtMs: nowMs + remainingS * MS_PER_S };
    }
    case 'calibrating':
      return { ...state, doing: `measures the capacity of ${event.stack} (${event.workload})` };
    case 'turn-started':
      return {
        ...state,
        turn: event.turn,
        pointsDone: state.pointsAfterTurn,
        pointsAfterTurn: state.pointsAfterTurn + event.turn.loads.length,
        endsAtMs: nowMs + event.remainingS * MS_PER_S,
        doing: 'starts the stack',
        point: null,
      };
    case 'search-started':
      return {
        ...state,
        turn: event.turn,
        searching: true,
        pointsDone: state.pointsAfterTurn,
        endsAtMs: nowMs + event.remainingS * MS_PER_S,
        doing: 'looks for a rate to start from',
        point: null,
      };
    case 'golden':
      return { ...state, doing: 'gets ready' };
    case 'progress': {
      const { load, progress } = event;
      return {
        ...state,
        point: { load, figures: withProgress(state.point?.figures ?? null, progress) },
      };
    }
    case 'rate-tried':
    case 'search-done':
      return { ...state, doing: 'gets ready', point: null };
    case 'disturbed':
      return { ...state, doing: 'measures the point again', point: null };
    case 'point-done':
      return { ...state, pointsDone: state.pointsDone + 1, doing: 'gets ready', point: null };
    case 'stack-failed':
    case 'interrupted':
      return { ...state, doing: 'stops the stack', point: null };
    case 'calibrating-driver':
      return { ...state, doing: 'measures what the load driver itself can do' };
    case 'calibrated':
    case 'driver-calibrated':
    case 'left-behind':
      return state;
  }
}

/** `ETA 3:21`: minutes and seconds from now; empty before it is known. */
export function etaWords({ endsAtMs }: RunState, nowMs: number): string {
  return endsAtMs === null ? '' : `ETA ${clockTime((endsAtMs - nowMs) / MS_PER_S)}`;
}
