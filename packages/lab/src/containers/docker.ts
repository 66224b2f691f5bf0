import { environmentError } from '@servelab/core';
import type { Environment } from '@servelab/node';
import { runProgram } from '../process/run-program.js';

/**
 * Docker's command line: answers with what it printed, without the last line's end. Throws an Error with its words where it
 * fails, and the signal's reason when aborted.
 */
export type Docker = (args: readonly string[]) => Promise<string>;

/** @throws UserError (exit code 3) where there is no Docker, or no engine answers */
export async function openDocker(environment: Environment, signal: AbortSignal): Promise<Docker> {
  const run = (args: readonly string[]) => runProgram({ command: ['docker', ...args], environment, signal });
  const docker: Docker = async (args) => {
    const { code, stdout, tail } = await run(args);
    signal.throwIfAborted();
    if (code !== 0) throw new Error(`docker ${args[0]}: ${tail.trim()}`);
    return stdout.trimEnd();
  };
  const version = await run(['version', '--format', '{{.Server.Version}}']);
  signal.throwIfAborted();
  if (version.code === 0) return docker;
  throw environmentError(
    /ENOENT/.test(version.tail) ? 'docker is not installed' : 'no Docker engine answers',
    'Get Docker from https://docs.docker.com/get-docker/ and start it.',
  );
}
