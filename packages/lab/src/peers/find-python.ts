import { environmentError } from '@servelab/core';
import type { Environment } from '../corpus/cache-folder.js';
import { runProgram } from './run-program.js';

/** The one that TensorFlow 2.16 and the locks are made for. */
export const PYTHON_VERSION = '3.11';
const NAMES = ['python3.11', 'python3', 'python'];
const ASK = 'import sys; print("%d.%d.%d" % sys.version_info[:3]); print(sys.executable)';

export interface PythonTools {
  /** Null where there is none; uv may still be able to fetch one. */
  readonly python: { readonly path: string; readonly version: string } | null;
  /** Null where uv is not installed. */
  readonly uv: { readonly version: string } | null;
}

/** The Python and the installer that environments are made with. */
export async function findPythonTools(environment: Environment, signal: AbortSignal): Promise<PythonTools> {
  const uv = await uvVersion(environment, signal);
  const candidates = uv === null ? NAMES : [...NAMES, await uvPython(environment, signal)];
  for (const candidate of candidates) {
    if (candidate === null) continue;
    const python = await ask(candidate, environment, signal);
    if (python !== null) return { python, uv };
  }
  return { python: null, uv };
}

/** @throws UserError (exit code 3) where neither Python 3.11 nor uv, which may fetch it, is there */
export async function requirePythonTools(
  environment: Environment,
  signal: AbortSignal,
): Promise<PythonTools> {
  const tools = await findPythonTools(environment, signal);
  signal.throwIfAborted();
  if (tools.python !== null || tools.uv !== null) return tools;
  throw environmentError(
    'no Python 3.11 was found: not as python3.11, python3 or python, nor through uv',
    'Install Python 3.11, or uv from https://docs.astral.sh/uv, and run this again. servelab itself needs neither.',
  );
}

async function ask(
  program: string,
  environment: Environment,
  signal: AbortSignal,
): Promise<PythonTools['python']> {
  const { code, stdout } = await runProgram({ command: [program, '-c', ASK], environment, signal });
  const [version = '', path = ''] = stdout.trim().split('\n');
  return code === 0 && version.startsWith(`${PYTHON_VERSION}.`) ? { path, version } : null;
}

async function uvVersion(environment: Environment, signal: AbortSignal): Promise<PythonTools['uv']> {
  const { code, stdout } = await runProgram({ command: ['uv', '--version'], environment, signal });
  const version = /^uv (\S+)/.exec(stdout)?.[1];
  return code === 0 && version !== undefined ? { version } : null;
}

/** One that uv keeps for itself, or finds where nobody else looks. */
async function uvPython(environment: Environment, signal: AbortSignal): Promise<string | null> {
  const command = ['uv', 'python', 'find', '--no-project', '--no-python-downloads', PYTHON_VERSION];
  const { code, stdout } = await runProgram({ command, environment, signal });
  return code === 0 ? stdout.trim() : null;
}
