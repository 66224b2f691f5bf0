import type { AdapterSpec } from '../../adapters/adapter.js';

/** A server of the user's own: an entry of `stacks` in the configuration file, checked. */
export interface OwnServer {
  /** What `--stacks` and `report.json` call it. */
  readonly name: string;
  /** Of its predict route; `{port}` where the lab is to choose a port. */
  readonly url: string;
  /** How it is started afresh for every turn; null for one that runs already and is left alone. */
  readonly start: OwnServerStart | null;
  /** Path that answers 2xx once the model can answer; null: any answer at all is taken for readiness. */
  readonly readyPath: string | null;
  readonly adapter: AdapterSpec;
  /** `contract`: answers are held against the golden images. `none`: any 2xx is right. */
  readonly expect: 'contract' | 'none';
  /** For the report; stacks of one runtime and precision meet the same open rates. */
  readonly runtime: string;
  /** Decides how closely answers must agree with the reference. */
  readonly precision: 'f32' | 'int8';
}

export interface OwnServerStart {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Of a server that says nothing of its runtime. */
export const UNKNOWN_RUNTIME = 'unknown';

/** Stands for the port in `url`, `command` and the values of `environment`. */
const PORT_PLACEHOLDER = '{port}';

export const choosesPort = (server: OwnServer): boolean => server.url.includes(PORT_PLACEHOLDER);

export const withPort = (text: string, port: number): string =>
  text.replaceAll(PORT_PLACEHOLDER, String(port));
