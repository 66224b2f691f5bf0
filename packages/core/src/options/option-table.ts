/**
 * One option of a command: its type, default, bounds and words. Help, `--print-config`, the environment
 * names and `docs/options.md` all come from these tables. A key is camelCase with its unit
 * (`batchWaitTimeoutMs`); its flag is `--batch-wait-timeout-ms`, its variable `SERVELAB_BATCH_WAIT_TIMEOUT_MS`.
 */
interface OptionBase {
  doc: string;
  /** A word for the value in the help, for example `FILE`. */
  placeholder?: string;
}
export interface NumberOption extends OptionBase {
  type: 'integer' | 'number';
  default: number | null;
  min: number;
  max: number;
}
export interface StringOption extends OptionBase {
  type: 'string';
  default: string | null;
  choices?: readonly string[];
  /** In the file it may also be a mapping or a list, which is taken as its JSON. */
  orJson?: true;
}
/**
 * Comma- or space-separated on the command line, a list in the file. `repeated`: items may hold commas and spaces,
 * so the flag is given once for each, the variable has one a line, and the file may have a mapping of names to
 * values (`name: value` is one item).
 */
export interface ListOption extends OptionBase {
  type: 'list';
  default: readonly string[] | null;
  repeated?: true;
  /** What each item may be. */
  choices?: readonly string[];
}
export interface BooleanOption extends OptionBase {
  type: 'boolean';
  /** Null where another option decides. */
  default: boolean | null;
}
export type OptionSpec = NumberOption | StringOption | ListOption | BooleanOption;
export type OptionTable = Readonly<Record<string, OptionSpec>>;

type Base<S extends OptionSpec> = S extends NumberOption
  ? number
  : S extends ListOption
    ? S['choices'] extends readonly (infer C extends string)[]
      ? readonly C[]
      : readonly string[]
    : S extends StringOption
      ? S['choices'] extends readonly (infer C extends string)[]
        ? C
        : string
      : boolean;

/** The values of a table: null only where the default is null. */
export type Options<T extends OptionTable> = {
  readonly [K in keyof T]: null extends T[K]['default'] ? Base<T[K]> | null : Base<T[K]>;
};

export const flagName = (key: string): string => key.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);
export const environmentName = (key: string): string =>
  `SERVELAB_${flagName(key).replaceAll('-', '_').toUpperCase()}`;
