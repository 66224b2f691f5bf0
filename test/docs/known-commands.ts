import { flagName } from '@servelab/core';
import type { Command } from '../../packages/cli/src/command.js';
import { COMMANDS } from '../../packages/cli/src/commands/index.js';
import { COMMON_FLAGS } from '../../packages/cli/src/parse-command-line.js';
import { makeTargets, servelabCalls } from './commands.js';
import { MAKE_TARGETS } from './pages.js';

const FLAGS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  COMMANDS.map((command) => [command.name, flagsOf(command)]),
);

/** What the options of a command are called; a switch can be negated. */
function flagsOf({ options }: Command): ReadonlySet<string> {
  const own = Object.entries(options).flatMap(([key, { type }]) =>
    type === 'boolean' ? [flagName(key), `no-${flagName(key)}`] : [flagName(key)],
  );
  return new Set([...own, ...Object.keys(COMMON_FLAGS)]);
}

/** Targets in command lines that make does not have. */
export const unknownTargets = (lines: readonly string[]): readonly string[] =>
  lines.flatMap(makeTargets).filter((target) => !MAKE_TARGETS.has(target));

/** Commands and options in command lines that servelab does not have. */
export const unknownCommands = (lines: readonly string[]): readonly string[] =>
  lines.flatMap(servelabCalls).flatMap(({ command, flags }) => {
    const known = FLAGS.get(command);
    if (known === undefined) return [command];
    return flags.filter((flag) => !known.has(flag)).map((flag) => `${command} --${flag}`);
  });
