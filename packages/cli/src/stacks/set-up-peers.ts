import { MS_PER_S, UserError } from '@servelab/core';
import { findEnvironment, type InstallEvent, install, type Peer, requirePythonTools } from '@servelab/lab';
import type { Terminal } from '../command.js';
import { announcement } from './setup-words.js';

const HEARTBEAT_MS = 15_000;

export interface PeersSetUp {
  /** Folder of the Python environment of each that is installed now, by the peer's name. */
  readonly environments: Readonly<Record<string, string>>;
  /** Those that could not be installed, and why. */
  readonly failures: readonly { readonly name: string; readonly error: UserError }[];
}

/**
 * Installs what is missing of the peers, one after the other; size and time are said first. One that fails
 * does not stop the next.
 *
 * @throws the signal's reason when aborted; what was half made is removed then
 */
export async function setUpPeers(
  peers: readonly Peer[],
  terminal: Terminal,
  signal: AbortSignal,
): Promise<PeersSetUp> {
  const environments: Record<string, string> = {};
  const missing: Peer[] = [];
  for (const peer of peers) {
    const found = await findEnvironment(peer.name, terminal.environment);
    if (found === null) missing.push(peer);
    else environments[peer.name] = found.folder;
  }
  if (missing.length === 0) return { environments, failures: [] };
  try {
    await requirePythonTools(terminal.environment, signal);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { environments, failures: missing.map(({ name }) => ({ name, error })) };
  }
  terminal.err(announcement(missing));
  const failures: { name: string; error: UserError }[] = [];
  for (const { name } of missing) {
    try {
      environments[name] = await installOne(name, terminal, signal);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      terminal.err(`${name}: FAILED`);
      failures.push({ name, error });
    }
  }
  return { environments, failures };
}

async function installOne(name: string, terminal: Terminal, signal: AbortSignal): Promise<string> {
  const { environment, interactive } = terminal;
  const progress = installProgress(name, terminal);
  try {
    const made = await install({
      name,
      environment,
      signal,
      showProgress: interactive,
      onEvent: progress.tell,
    });
    return made.folder;
  } finally {
    progress.end();
  }
}

/** A line a step; where the installer draws nothing by itself, a line now and then that it is still at work. */
function installProgress(name: string, terminal: Terminal) {
  let heart: NodeJS.Timeout | undefined;
  const startedAtMs = performance.now();
  const beat = () =>
    terminal.err(`${name}: at work for ${Math.round((performance.now() - startedAtMs) / MS_PER_S)} s`);
  return {
    tell(event: InstallEvent): void {
      if (event.kind === 'waiting') terminal.err(`${name}: somebody else is installing it; waiting`);
      if (event.kind === 'started') {
        terminal.err(`${name}: installing with ${event.installer} for Python ${event.python}`);
        const drawn = terminal.interactive && event.installer !== 'pip';
        if (!drawn) heart = setInterval(beat, HEARTBEAT_MS);
      }
      if (event.kind === 'installed') {
        terminal.err(`${name}: installed in ${Math.round(event.seconds)} s, in ${event.folder}`);
      }
    },
    end: () => clearInterval(heart),
  };
}
