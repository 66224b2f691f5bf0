#!/usr/bin/env node
import { createRequire } from 'node:module';
import { EXIT, type OptionTable, resolveOptions, UserError, usageError, visibleText } from '@servelab/core';
import type { Command, Terminal } from './command.js';
import { COMMANDS } from './commands/index.js';
import { readConfigFile } from './config-file.js';
import { commandHelp, overview } from './help.js';
import { Interrupted } from './interrupted.js';
import { parseCommandLine } from './parse-command-line.js';
import { printConfig } from './print-config.js';

/** Runs one command line and answers with its exit code; every user error ends here, without a stack. */
async function main(args: readonly string[], terminal: Terminal, signal: AbortSignal): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    terminal.out(overview(COMMANDS));
    return name === undefined ? EXIT.usage : EXIT.ok;
  }
  if (name === '--version' || name === '-V') {
    const { version } = createRequire(import.meta.url)('../package.json') as { version: string };
    terminal.out(version);
    return EXIT.ok;
  }
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (command === undefined) {
    const names = COMMANDS.map((candidate) => candidate.name).join(', ');
    throw usageError(`there is no command "${name}"`, `Use one of: ${names}.`);
  }
  return await runCommand(command, rest, terminal, signal);
}

async function runCommand(
  command: Command,
  args: readonly string[],
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const { positionals, flags } = parseCommandLine(command.name, command.options, args);
  if (flags.help === true) {
    terminal.out(commandHelp(command));
    return EXIT.ok;
  }
  const configFile = await readConfigFile(flags.config as string | undefined);
  const resolved = resolveOptions<OptionTable>(command.options, {
    flags,
    environment: terminal.environment,
    file: command.configSection === undefined ? {} : configFile.section(command.configSection),
  });
  for (const { variable, text } of Object.values(resolved.serviceLinks).filter(
    (link) => link !== undefined,
  )) {
    terminal.err(
      `warning: ${variable}=${text} is ignored: Kubernetes set it for a Service of that name ` +
        '(enableServiceLinks: false in the pod keeps it from that)',
    );
  }
  if (flags['print-config'] === true) {
    terminal.out(printConfig(command.options, resolved));
    return EXIT.ok;
  }
  const run = await command.load();
  return await run({ positionals, options: resolved.values, configFile, terminal, signal });
}

// Whatever a text holds, a terminal shows it and does not obey it.
const processTerminal: Terminal = {
  out: (text) => void process.stdout.write(`${visibleText(text)}\n`),
  err: (text) => void process.stderr.write(`${visibleText(text)}\n`),
  interactive: process.stderr.isTTY === true && process.env.TERM !== 'dumb',
  environment: process.env,
};

const interruption = new AbortController();
/** `make`, `npm` and `timeout` pass on a signal that the terminal has sent to us as well: that is one, not two. */
const SAME_SIGNAL_MS = 250;
let signalledAtMs: number | null = null;

function onSignal(): void {
  const nowMs = performance.now();
  signalledAtMs ??= nowMs;
  // The second ends everything at once: what was started ends with this process.
  if (nowMs - signalledAtMs > SAME_SIGNAL_MS) process.exit(EXIT.interrupted);
  interruption.abort(new Interrupted());
}

// SIGHUP: the terminal was closed.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, onSignal);
// Who read the output has gone, as in `| head`. To die of it would leave what was started behind.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') interruption.abort(new Interrupted());
    // Words that find no room (a full disk) are lost; a server must not end for them. Results must not be lost.
    else if (stream === process.stdout) {
      processTerminal.err(
        `error: standard output cannot be written (${error.code})\nfix: make room, or write elsewhere`,
      );
      process.exit(EXIT.environment);
    }
  });
}

/** Of the system, with the file that it is about; a fault of ours has no such code. */
const isFileError = (error: unknown): error is NodeJS.ErrnoException & { path: string } =>
  error instanceof Error && 'code' in error && 'path' in error && typeof error.path === 'string';

try {
  process.exitCode = await main(process.argv.slice(2), processTerminal, interruption.signal);
  // What a command has left undone does not keep the process.
  if (interruption.signal.aborted) process.exit();
} catch (error) {
  if (error instanceof Interrupted) process.exit(EXIT.interrupted);
  if (error instanceof UserError) {
    processTerminal.err(`error: ${error.message}\nfix: ${error.fix}`);
    process.exitCode = error.exitCode;
  } else if (isFileError(error)) {
    processTerminal.err(`error: ${error.path} cannot be used (${error.code})`);
    processTerminal.err('fix: make room there, give permission, or name another place');
    process.exitCode = EXIT.environment;
  } else {
    throw error;
  }
}
