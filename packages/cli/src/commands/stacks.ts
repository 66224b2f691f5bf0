import { EXIT, usageError } from '@servelab/core';
import { PEERS, type Peer } from '@servelab/lab';
import { VERSION } from '@servelab/serve';
import type { Invocation } from '../command.js';
import { listStacks, stackTable } from '../stacks/list-stacks.js';
import { setupStacks } from '../stacks/setup-command.js';
import type { STACKS_OPTIONS } from '../stacks/stacks-options.js';
import { startStack } from '../stacks/start-stack.js';
import { serve } from './serve.js';

export async function stacks({
  positionals,
  options,
  configFile,
  terminal,
  signal,
}: Invocation<typeof STACKS_OPTIONS>): Promise<number> {
  const [action, ...names] = positionals;
  try {
    if (action === 'list' && names.length === 0) {
      const listed = await listStacks(VERSION, terminal);
      terminal.out(options.json ? JSON.stringify(listed, null, 2) : stackTable(listed));
      return EXIT.ok;
    }
    if (action === 'setup') return await setupStacks(peersOf(names), options.json, terminal, signal);
    const [name] = names;
    if (action === 'start' && name !== undefined && names.length === 1) {
      return await startStack(name, options, { configFile, terminal, signal, serve });
    }
  } catch (error) {
    if (signal.aborted) return EXIT.interrupted;
    throw error;
  }
  throw usageError(
    action === undefined ? 'stacks needs an action' : `stacks cannot do "${positionals.join(' ')}"`,
    'Use "servelab stacks list", "servelab stacks setup [NAME...]" or "servelab stacks start NAME".',
  );
}

/** @throws UserError (exit code 2) */
function peersOf(names: readonly string[]): readonly Peer[] {
  if (names.length === 0 || names.includes('all')) return PEERS;
  return names.map((name) => {
    const peer = PEERS.find((candidate) => candidate.name === name);
    if (peer !== undefined) return peer;
    throw usageError(
      `there is no peer "${name}" to set up`,
      `Use ${PEERS.map((candidate) => candidate.name).join(', ')}, or no name for all of them.`,
    );
  });
}
