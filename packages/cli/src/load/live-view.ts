import type { DriverProgress } from '@servelab/lab';
import type { Terminal } from '../command.js';
import { figureLines, figureWords, type LiveFigures, withProgress } from '../live/figures.js';
import { type Screen, screenOf } from '../live/screen.js';

/** Where nothing can be drawn, a line now and then is enough. */
const PLAIN_EVERY_US = 2_000_000;

export interface LiveView {
  show(progress: DriverProgress): void;
  /** Takes away what was drawn. */
  end(): void;
}

/** Shows one load while it runs. */
export function liveView(terminal: Terminal, screen: Screen | null = screenOf(terminal)): LiveView {
  let figures: LiveFigures | null = null;
  let plainAtUs = PLAIN_EVERY_US;
  return {
    show(progress) {
      const shown = withProgress(figures, progress);
      figures = shown;
      if (screen !== null) {
        screen.draw((columns) => figureLines(shown, columns));
      } else if (progress.elapsedUs >= plainAtUs) {
        plainAtUs += PLAIN_EVERY_US;
        terminal.err(figureWords(progress));
      }
    },
    end: () => screen?.end(),
  };
}
