import type { Random } from '@servelab/core';

/** One thing that reads what strangers send, and what must hold whatever they send. */
export interface FuzzTarget {
  readonly name: string;
  /** Starts what is needed; called again after it broke. */
  open(): Promise<OpenTarget>;
}

export interface OpenTarget {
  /** Cases that may run at the same time. */
  readonly atOnce: number;
  /** A case is a function of its random numbers, so that seed and number are enough to make it again. */
  make(random: Random): FuzzInput | Promise<FuzzInput>;
  /** @returns what does not hold, in words; null where all is well */
  check(input: FuzzInput): Promise<string | null>;
  /** What must hold of the thing as a whole after some cases, where that cannot be told of one. */
  wellAfter?(): Promise<readonly string[]>;
  /** Some words for a line of the long run. */
  state?(): Promise<string>;
  close(): Promise<unknown>;
}

export interface FuzzInput {
  /** What is sent or read, as it is kept when it breaks something. */
  readonly bytes: Buffer;
  /** How it is sent, for whoever looks at what was kept. */
  readonly how: string;
  /** What the target itself knows of it, such as the right answer. */
  readonly expected?: unknown;
}

export interface FuzzFailure {
  readonly target: string;
  readonly seed: number;
  /** Of the case; null where it is not known which of several it was. */
  readonly number: number | null;
  readonly fault: string;
  readonly input: FuzzInput | null;
}
