import { rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { environmentError } from '@servelab/core';
import { CACHE_FILE, type Environment, errorCode, makeCacheFolder } from '@servelab/node';
import { runProgram } from '../process/run-program.js';
import {
  type EnvironmentPlace,
  type EnvironmentStamp,
  environmentPlace,
  type InstalledEnvironment,
  installedAt,
  pythonOf,
  stampOf,
} from './environment.js';
import { PYTHON_VERSION, type PythonTools, requirePythonTools } from './find-python.js';
import { installError } from './install-error.js';
import { withLock } from './install-lock.js';

/** What an installation tells while it goes on. */
export type InstallEvent =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'started'; readonly installer: string; readonly python: string }
  | { readonly kind: 'installed'; readonly seconds: number; readonly folder: string };

export interface InstallRequest {
  readonly name: string;
  /** Left out: the stack's own, `stacks/NAME/requirements.lock`. */
  readonly lockPath?: string;
  readonly environment: Environment;
  readonly signal: AbortSignal;
  /** Lets the installer draw its progress on standard error. */
  readonly showProgress: boolean;
  readonly onEvent: (event: InstallEvent) => void;
}

/**
 * Makes the isolated Python environment of a stack from its lock file, hashes checked, or finds that it is
 * made. uv does it where it is present, else `venv` and pip. What fails or is interrupted leaves nothing; a
 * second call at the same time waits for the first.
 *
 * @throws UserError (exit code 3) when there is no Python, the installer fails, or the cache cannot be written;
 *   the signal's reason when aborted
 */
export async function install(request: InstallRequest): Promise<InstalledEnvironment> {
  const { name, environment, signal, onEvent } = request;
  const place = await environmentPlace(name, environment, request.lockPath);
  const found = await installedAt(place);
  if (found !== null) return found;
  await makeParent(place.folder);
  const onWait = () => onEvent({ kind: 'waiting' });
  return await withLock(`${place.folder}.lock`, signal, onWait, async () => {
    const made = await installedAt(place); // by the one that we waited for
    if (made !== null) return made;
    const tools = await requirePythonTools(environment, signal);
    await rm(place.folder, { recursive: true, force: true });
    try {
      return { ...place, stamp: await make(place, tools, request) };
    } catch (error) {
      await rm(place.folder, { recursive: true, force: true });
      throw error;
    }
  });
}

async function make(
  place: EnvironmentPlace,
  { python, uv }: PythonTools,
  { name, environment, signal, showProgress, onEvent }: InstallRequest,
): Promise<EnvironmentStamp> {
  const { folder, lockPath } = place;
  const startedAtMs = performance.now();
  const installer = uv === null ? 'pip' : `uv ${uv.version}`;
  const version = python?.version ?? PYTHON_VERSION;
  onEvent({ kind: 'started', installer, python: version });
  const steps =
    uv === null
      ? withPip(folder, lockPath, python?.path ?? '')
      : withUv(uv.command, folder, lockPath, python?.path);
  for (const { what, command } of steps) {
    const end = await runProgram({ command, cwd: dirname(lockPath), environment, signal, showProgress });
    signal.throwIfAborted();
    if (end.code !== 0) throw installError(name, what, end);
  }
  const seconds = Math.round((performance.now() - startedAtMs) / 100) / 10;
  const stamp = { name, lock_sha256: place.lockSha256, python: version, installer, seconds };
  await writeFile(stampOf(folder), `${JSON.stringify(stamp, null, 2)}\n`, { mode: CACHE_FILE.mode });
  onEvent({ kind: 'installed', seconds, folder });
  return stamp;
}

interface Step {
  readonly what: string;
  readonly command: readonly string[];
}

/** The folder stays where it is made: the programs in its `bin` name it. */
function withUv(uv: readonly string[], folder: string, lockPath: string, python: string | undefined): Step[] {
  return [
    {
      // Without a Python uv may fetch one, unless it has been told not to.
      what: 'making a Python environment',
      command: [...uv, 'venv', '--quiet', '--no-project', '--python', python ?? PYTHON_VERSION, folder],
    },
    {
      what: 'installing packages',
      // Compiled now, as pip does by itself: else every start of a stack compiles TensorFlow again.
      command: [
        ...[...uv, 'pip', 'install', '--python', pythonOf(folder), '--require-hashes', '--compile-bytecode'],
        ...['-r', lockPath],
      ],
    },
  ];
}

function withPip(folder: string, lockPath: string, python: string): Step[] {
  return [
    { what: 'making a Python environment', command: [python, '-m', 'venv', folder] },
    {
      what: 'installing packages',
      command: [
        ...[pythonOf(folder), '-m', 'pip', 'install', '--disable-pip-version-check', '--no-input'],
        ...['--require-hashes', '-r', lockPath],
      ],
    },
  ];
}

async function makeParent(folder: string): Promise<void> {
  await makeCacheFolder(dirname(folder)).catch((error: unknown) => {
    throw environmentError(
      `the cache cannot be written at ${dirname(folder)} (${errorCode(error)})`,
      'Give write permission, or name another folder in SERVELAB_CACHE_DIR.',
      error,
    );
  });
}
