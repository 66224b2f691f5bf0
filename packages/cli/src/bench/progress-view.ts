import type { BenchObserver } from '@servelab/lab';
import type { Terminal } from '../command.js';
import { type Frame, type Screen, screenOf } from '../live/screen.js';
import { eventLine, plainWords } from './progress-words.js';
import { runLines } from './run-lines.js';
import { afterEvent, BEFORE_RUN } from './run-state.js';

/**
 * A frame costs 0.3 to 1 ms, on a busy machine up to 4, and whoever sends shares this core: one for every progress could
 * be seen in its lag.
 */
const REDRAW_EVERY_MS = 1000;

export interface ProgressView {
  readonly observe: BenchObserver;
  /** Takes away what was drawn. */
  end(): void;
}

/**
 * Shows a run: live lines on a terminal, above them a lasting line for what is worth keeping. Elsewhere lasting lines
 * only.
 */
export function progressView(
  terminal: Terminal,
  screen: Screen | null = screenOf(terminal),
  nowMs: () => number = () => performance.now(),
): ProgressView {
  let state = BEFORE_RUN;
  const frame: Frame = (columns) => runLines(state, nowMs(), columns);
  screen?.draw(frame);
  const ticking =
    screen === null ? undefined : setInterval(() => screen.draw(frame), REDRAW_EVERY_MS).unref();
  return {
    observe(event) {
      state = afterEvent(state, event, nowMs());
      if (screen === null) {
        const words = plainWords(event, state, nowMs());
        if (words !== null) terminal.err(words);
        return;
      }
      const line = eventLine(event);
      if (line !== null) screen.print(line);
      else if (event.kind !== 'progress') screen.draw(frame);
    },
    end() {
      clearInterval(ticking);
      screen?.end();
    },
  };
}
