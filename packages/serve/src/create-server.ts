import { flagName, resolveOptions, usageError } from '@servelab/core';
import { SERVE_OPTIONS, type ServeOptions } from './config/serve-options.js';
import type { RunningServer, ServerSurroundings } from './running-server.js';
import { startServer } from './start-server.js';

/**
 * A model server inside a program of one's own: the server of `servelab serve`, with its options by their camelCase
 * names and the same defaults and bounds.
 *
 * @returns once it can answer; end it with `drain`
 * @throws UserError for an option that does not exist or is out of bounds (exit code 2), for a port or a model
 *   that cannot be had (exit code 3)
 */
export async function createServer(
  options: Partial<ServeOptions> = {},
  surroundings: Partial<ServerSurroundings> = {},
): Promise<RunningServer> {
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(SERVE_OPTIONS, name)) continue;
    throw usageError(`there is no option "${name}"`, `Use ${Object.keys(SERVE_OPTIONS).join(', ')}.`);
  }
  const flags = Object.fromEntries(Object.entries(options).map(([name, value]) => [flagName(name), value]));
  const { values } = resolveOptions(SERVE_OPTIONS, { flags, environment: {}, file: {} });
  return await startServer(values, {
    environment: process.env,
    signal: new AbortController().signal,
    onProgress: () => {},
    ...surroundings,
  });
}
