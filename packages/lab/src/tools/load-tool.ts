import type { Environment } from '@servelab/node';

/** One load for a tool to put on a server that runs. */
export interface ToolLoad {
  /** As it stands in the report. */
  readonly stack: string;
  /** To which `/predict` is added; without credentials. */
  readonly baseUrl: string;
  /** Value of the header; null where none is sent. */
  readonly authorization: string | null;
  /** Name of the part in the form. */
  readonly field: string;
  readonly users: number | null;
  /** Instead of users: an open loop. */
  readonly rateRps: number | null;
  /** Whole seconds. */
  readonly warmupS: number;
  readonly measuredS: number;
  readonly imageFolder: string;
  /** Begins the names of its result files. */
  readonly prefix: string;
}

/** A load tool that is installed here. */
export interface LoadTool {
  readonly name: 'locust' | 'k6';
  readonly version: string;
  /** How many cores it can keep busy. */
  readonly cores: number;
  command(load: ToolLoad): ToolCommand;
}

/** What a tool is told in its environment, since a list of processes shows command lines. */
export const secretsOf = ({ authorization }: ToolLoad): Record<string, string> =>
  authorization === null ? {} : { AUTHORIZATION: authorization };

interface ToolCommand {
  readonly words: readonly string[];
  readonly environment: Environment;
  /** What it writes. */
  readonly files: readonly string[];
  /** Exit codes that leave whole result files: k6 says with 99 that a threshold was crossed. */
  readonly finished: readonly number[];
}
