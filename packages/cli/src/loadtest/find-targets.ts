import { environmentError, usageError } from '@servelab/core';
import {
  addressOf,
  KNOWN_PORTS,
  type KnownPort,
  type RunningForm,
  runningForm,
  StackFailure,
  startServelab,
} from '@servelab/lab';
import type { Terminal } from '../command.js';
import { obtainModel } from '../model/obtain-model.js';
import { serveCommand } from '../serve-command.js';

/** What a load test is about to send to. */
export interface Targets {
  readonly targets: readonly RunningForm[];
  /** Stacks that were looked for and do not answer, with their ports. */
  readonly down: readonly string[];
  /** Ends what was started for the test. */
  release(): Promise<void>;
}

/**
 * The stacks that answer at their ports, of those named or of all; servelab, started for it, where none does.
 *
 * @throws UserError (exit code 2) for a name without a port, (3) where none of those named answers
 */
export async function findTargets(
  stacks: readonly string[] | null,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<Targets> {
  const asked = stacks === null ? KNOWN_PORTS : stacks.map(requireKnown);
  const found = await Promise.all(asked.map((known) => runningForm(known.name, addressOf(known))));
  const targets = found.filter((form) => form !== null);
  const down = asked
    .filter((_, index) => found[index] === null)
    .map(({ name, port }) => `${name} (port ${port})`);
  if (down.length > 0) terminal.err(`not running: ${down.join(', ')}`);
  if (targets.length > 0) return { targets, down, release: async () => {} };
  const own = await startOwn(asked, terminal, signal);
  const target: RunningForm = { name: 'servelab', url: own.predictUrl, adapter: { body: 'multipart' } };
  return { targets: [target], down, release: async () => void (await own.stop()) };
}

/** Nothing answers at its port: the test starts our own server, as the quickest way to see something. */
async function startOwn(asked: readonly KnownPort[], terminal: Terminal, signal: AbortSignal) {
  if (!asked.some(({ name }) => name === 'servelab')) {
    throw environmentError(
      `none of ${asked.map(({ name, port }) => `${name} (port ${port})`).join(', ')} answers`,
      'Start them first, or leave STACKS out to test servelab.',
    );
  }
  terminal.err('starting servelab');
  const { identity } = await obtainModel(new Set(['f32']), terminal, signal);
  try {
    return await startServelab(serveCommand(), identity.synthetic ? ['--synthetic-weights'] : [], signal);
  } catch (error) {
    if (!(error instanceof StackFailure)) throw error;
    throw environmentError(`${error.message}: ${error.logTail.trim()}`, 'Run "servelab doctor".', error);
  }
}

function requireKnown(name: string): KnownPort {
  const known = KNOWN_PORTS.find((candidate) => candidate.name === name);
  if (known !== undefined) return known;
  throw usageError(
    `--stacks names "${name}", which has no port of its own`,
    `Use ${KNOWN_PORTS.map((candidate) => candidate.name).join(', ')}; for another address use "servelab load URL".`,
  );
}
