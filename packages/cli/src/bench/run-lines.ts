import { progressBar } from '../live/bars.js';
import { barCells, figureLines, labelled } from '../live/figures.js';
import type { Line } from '../live/line.js';
import { loadWords } from './progress-words.js';
import { etaWords, type RunState } from './run-state.js';

/** The whole run, what of it is measured now, and below that the live figures of the point. */
export function runLines(state: RunState, nowMs: number, columns: number): Line[] {
  return [
    ...wholeRun(state, nowMs, columns),
    ...currentTurn(state),
    ...(state.point === null
      ? [[labelled('now'), { text: state.doing }]]
      : figureLines(state.point.figures, columns)),
  ];
}

function wholeRun(state: RunState, nowMs: number, columns: number): Line[] {
  const { size, pointsDone } = state;
  if (size === null) return [];
  const point = Math.min(pointsDone + 1, size.points);
  const bar = progressBar(pointsDone / size.points, barCells(columns));
  const position = `   point ${point} of ${size.points}   ${etaWords(state, nowMs)}`;
  return [[labelled('run'), ...bar, { text: position }]];
}

function currentTurn({ size, turn, searching, point }: RunState): Line[] {
  if (size === null || turn === null) return [];
  const load = point === null ? [] : [loadWords(point.load)];
  const part = searching ? 'search for its highest rate' : `block ${turn.repeat + 1} of ${size.blocks}`;
  return [[labelled('stack'), { text: [turn.stack, turn.workload, ...load, part].join('   ') }]];
}
