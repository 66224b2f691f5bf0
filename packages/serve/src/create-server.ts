import { flagName, resolveOptions, UserError, usageError } from '@servelab/core';
import { SERVE_OPTIONS, type ServeOptions } from './config/serve-options.js';
import type { RunningServer, ServerSurroundings } from './running-server.js';
import { startServer } from './start-server.js';

/**
 * A model server inside a program of one's own: the server of `servelab serve`, with its options by their camelCase
 * names and the same defaults and bounds. It handles no signals of the process.
 *
 * @example
 * await using server = await createServer({ port: 0, policy: 'optimal' });
 * await fetch(`${server.url}/predict`, { method: 'POST', headers: { 'content-type': 'image/jpeg' }, body });
 *
 * @returns once it can answer; end it with `close` or `drain`
 * @throws UserError for an option that does not exist or is out of bounds (exit code 2), for a port or a model
 *   that is not available (exit code 3)
 */
export async function createServer(
  options: Partial<ServeOptions> = {},
  surroundings: Partial<ServerSurroundings> = {},
): Promise<RunningServer> {
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(SERVE_OPTIONS, name)) continue;
    throw usageError(`there is no option "${name}"`, `Use ${Object.keys(SERVE_OPTIONS).join(', ')}.`);
  }
  const { values } = resolveOptions(SERVE_OPTIONS, { properties: options });
  try {
    return await startServer(values, {
      environment: process.env,
      signal: new AbortController().signal,
      onProgress: () => {},
      ...surroundings,
    });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { message, fix, exitCode, cause } = error;
    throw new UserError(withPropertyNames(message), withPropertyNames(fix), exitCode, { cause });
  }
}

const PROPERTY_OF_FLAG = new Map(Object.keys(SERVE_OPTIONS).map((name) => [`--${flagName(name)}`, name]));

/** The server's errors name options as the command line spells them; a program has them as properties. */
function withPropertyNames(text: string): string {
  return text.replace(/--[a-z-]+/g, (flag) => PROPERTY_OF_FLAG.get(flag) ?? flag);
}
