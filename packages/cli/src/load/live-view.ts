import type { DriverProgress } from '@servelab/lab';
import type { Terminal } from '../command.js';
import { liveLine } from './live-line.js';

const CLEAR_LINE = '\r\u001b[2K';
/** Where nobody watches, a line now and then is enough. */
const PLAIN_EVERY_US = 2_000_000;

export interface LiveView {
  show(progress: DriverProgress): void;
  /** Clears the line that lives. */
  end(): void;
}

/** @param write to the terminal, without a line break of its own */
export function liveView(terminal: Terminal, write: (text: string) => void, columns: number): LiveView {
  const history: number[] = [];
  let plainAtUs = PLAIN_EVERY_US;
  return {
    show(progress) {
      history.push(progress.ratePerS);
      const line = liveLine(progress, history);
      if (terminal.interactive) {
        write(`${CLEAR_LINE}${line.slice(0, columns - 1)}`);
      } else if (progress.elapsedUs >= plainAtUs) {
        plainAtUs += PLAIN_EVERY_US;
        terminal.err(line);
      }
    },
    end: () => {
      if (terminal.interactive) write(CLEAR_LINE);
    },
  };
}
