import type { Terminal } from '../command.js';
import { fit, type Line, paint, textOf } from './line.js';

/** The part of `tty.WriteStream` that is used; a test has one of its own. */
export interface ScreenStream {
  readonly columns: number;
  readonly rows: number;
  write(text: string): unknown;
  hasColors(environment: object): boolean;
  on(event: 'resize', listener: () => void): unknown;
  off(event: 'resize', listener: () => void): unknown;
}

/** Lines for a width; no control characters in them. */
export type Frame = (columns: number) => readonly Line[];

const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
const CLEAR_TO_END_OF_LINE = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';
/** Of terminals that do not tell, as some pseudo-terminals. */
const COLUMNS = 80;
const ROWS = 24;

/**
 * A few lines at the bottom of a terminal that are drawn again in place, and lasting lines above them. Lines are cut
 * to the width, so that none wraps. The cursor is hidden until `end`, or until the process exits.
 */
export class Screen {
  readonly #stream: ScreenStream;
  readonly #colours: boolean;
  #frame: Frame | null = null;
  /** Cells of each line that stands there. */
  #widths: readonly number[] = [];

  constructor(stream: ScreenStream, environment: Terminal['environment']) {
    this.#stream = stream;
    this.#colours = stream.hasColors(environment);
  }

  draw(frame: Frame): void {
    if (this.#frame === null) this.#begin();
    this.#frame = frame;
    this.#redraw('');
  }

  /** A line that stays, above those that are drawn; it may hold line breaks, and wraps. */
  print(line: Line): void {
    this.#redraw(`${paint(line, this.#colours)}\n`);
  }

  /** Takes the drawn lines away and shows the cursor again; once is enough. */
  end(): void {
    if (this.#frame === null) return;
    this.#frame = null;
    this.#stream.off('resize', this.#onResize);
    process.off('exit', this.#onExit);
    this.#stream.write(`${this.#toTop()}${CLEAR_BELOW}${SHOW_CURSOR}`);
    this.#widths = [];
  }

  #begin(): void {
    this.#stream.on('resize', this.#onResize);
    process.on('exit', this.#onExit);
    this.#stream.write(HIDE_CURSOR);
  }

  /** In one write, and each line over the old one: nothing flickers. */
  #redraw(above: string): void {
    const columns = this.#columns();
    // The line below the last one is the cursor's; a frame higher than the window could not be found again.
    const rows = Math.max(0, (this.#stream.rows || ROWS) - 1);
    const lines = (this.#frame?.(columns) ?? []).slice(0, rows).map((line) => fit(line, columns - 1));
    const drawn = lines.map((line) => `${paint(line, this.#colours)}${CLEAR_TO_END_OF_LINE}\n`);
    const cleared = above.replaceAll('\n', `${CLEAR_TO_END_OF_LINE}\n`);
    this.#stream.write(`${this.#toTop()}${cleared}${drawn.join('')}${CLEAR_BELOW}`);
    this.#widths = lines.map((line) => textOf(line).length);
  }

  /** To the first cell of what was drawn. A terminal that became narrower has wrapped those lines since. */
  #toTop(): string {
    const columns = this.#columns();
    const rows = this.#widths.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / columns)), 0);
    return rows === 0 ? '\r' : `\r\u001b[${rows}A`;
  }

  #columns(): number {
    return this.#stream.columns || COLUMNS;
  }

  readonly #onResize = () => this.#redraw('');
  readonly #onExit = () => this.end();
}

/** Null where lines can only be added: in a file, a pipe, a dumb terminal. */
export function screenOf(terminal: Terminal): Screen | null {
  return terminal.interactive ? new Screen(process.stderr, terminal.environment) : null;
}
