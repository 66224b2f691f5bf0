import { EXIT, type OptionTable, usageError } from '@servelab/core';
import { PEERS, type Peer } from '@servelab/lab';
import { VERSION } from '@servelab/serve';
import { defineCommand } from '../command.js';
import { JSON_OPTION } from '../json-option.js';
import { listStacks, stackTable } from '../stacks/list-stacks.js';
import { setupStacks } from '../stacks/setup-command.js';
import { startStack } from '../stacks/start-stack.js';

const OPTIONS = {
  json: JSON_OPTION,
  host: { type: 'string', default: '127.0.0.1', doc: 'Where a started stack listens.' },
  port: {
    type: 'integer',
    default: null,
    min: 1,
    max: 65_535,
    doc: 'Port of a started stack (default: its own, as "stacks list" shows it).',
  },
  maxBatchSize: {
    type: 'integer',
    default: null,
    min: 1,
    max: 64,
    doc: 'Images a batch of a started stack; 1 switches batching off (default: 8).',
  },
} as const satisfies OptionTable;

export const stacks = defineCommand({
  positionals: 'list|setup [NAME...]|start NAME[/form][@precision]',
  options: OPTIONS,
  async run({ positionals, options, configFile, terminal, signal }) {
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
        return await startStack(name, options, { configFile, terminal, signal });
      }
    } catch (error) {
      if (signal.aborted) return EXIT.interrupted;
      throw error;
    }
    throw usageError(
      action === undefined ? 'stacks needs an action' : `stacks cannot do "${positionals.join(' ')}"`,
      'Use "servelab stacks list", "servelab stacks setup [NAME...]" or "servelab stacks start NAME".',
    );
  },
});

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
