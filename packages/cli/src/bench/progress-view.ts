import type { BenchEvent, BenchObserver } from '@servelab/lab';
import type { Terminal } from '../command.js';
import { clockTime, eventLine, liveWords, loadWords } from './progress-words.js';

const CLEAR_LINE = '\r\u001b[2K';

/**
 * Shows a run: one line that lives on a terminal, and a lasting line for what is worth keeping. Elsewhere
 * lasting lines only.
 *
 * @param write to the terminal, without a line break of its own
 */
export function progressView(terminal: Terminal, write: (text: string) => void): BenchObserver {
  let position = '';
  let endsAtMs: number | null = null;
  const live = (text: string) => {
    if (!terminal.interactive) return;
    const eta = endsAtMs === null ? '' : `  ETA ${clockTime((endsAtMs - performance.now()) / 1000)}`;
    write(
      `${CLEAR_LINE}${position}${text}${eta}`.slice(
        0,
        (process.stderr.columns ?? 120) + CLEAR_LINE.length - 1,
      ),
    );
  };
  return (event: BenchEvent) => {
    const line = eventLine(event);
    if (line !== null) terminal.err(terminal.interactive ? `${CLEAR_LINE}${line}` : line);
    if (event.kind === 'turn-started') {
      endsAtMs = performance.now() + event.remainingS * 1000;
      position = `[${event.turn.order + 1}/${event.turns}] ${event.turn.workload} ${event.turn.stack} `;
      live('starting');
    } else if (event.kind === 'calibrating') {
      position = '';
      live(`calibrating: ${event.workload} ${event.stack}`);
    } else if (event.kind === 'progress') {
      live(`${loadWords(event.load)} ${liveWords(event.progress)}`);
    }
  };
}
