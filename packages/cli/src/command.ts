import type { OptionTable, ResolvedOptions } from '@servelab/core';
import type { ConfigFile } from './config-file.js';

/** What a command may touch of the terminal; a parameter, so that tests can read it. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Whether lines on standard error can be drawn again: a terminal, and no dumb one. */
  readonly interactive: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface Invocation<T extends OptionTable> {
  readonly positionals: readonly string[];
  readonly options: ResolvedOptions<T>['values'];
  /** For what the file holds besides options. */
  readonly configFile: ConfigFile;
  readonly terminal: Terminal;
  /** Aborted by Ctrl-C, SIGTERM, a closed terminal or pipe: stop what was started, keep what was measured. */
  readonly signal: AbortSignal;
}

/** @returns the exit code */
export type Run<T extends OptionTable> = (invocation: Invocation<T>) => Promise<number>;

/** A sub-command. Help, parsing, `--print-config` and `docs/options.md` all come from `options`. */
export interface Command<T extends OptionTable = OptionTable> {
  readonly name: string;
  readonly summary: string;
  /** What follows the name in the usage line, for example `URL`. */
  readonly positionals: string;
  readonly options: T;
  /** Section of `servelab.yaml` that these options are read from; none for commands without one. */
  readonly configSection?: string;
  /** What it does, loaded once its command line is understood: each needs libraries that others do not. */
  load(): Promise<Run<T>>;
}

/** Keeps the table's literal types while allowing commands to stand in one list. */
export function defineCommand<T extends OptionTable>(command: Command<T>): Command {
  return command as unknown as Command;
}
