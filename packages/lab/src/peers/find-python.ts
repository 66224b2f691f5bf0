import { environmentError } from '@servelab/core';
import type { Environment } from '@servelab/node';
import { runProgram } from '../process/run-program.js';

/** The one that TensorFlow 2.16 and the locks are made for. */
export const PYTHON_VERSION = '3.11';
const NAMES = ['python3.11', 'python3', 'python'];
const ASK = 'import sys; print("%d.%d.%d" % sys.version_info[:3]); print(sys.executable)';

export interface PythonTools {
  /** Null where there is none; uv may still be able to fetch one. */
  readonly python: { readonly path: string; readonly version: string } | null;
  /** Null where uv is not installed, or does not run. */
  readonly uv: Uv | null;
}

interface Uv {
  readonly version: string;
  /** What it is called by: `uv`, or a Python that has it as a module. */
  readonly command: readonly string[];
}

/**
 * The Python and the installer that environments are made with. uv is looked for on the PATH, then in that Python, where
 * pip puts it although its folder of programs need not be on the PATH.
 */
export async function findPythonTools(environment: Environment, signal: AbortSignal): Promise<PythonTools> {
  const standalone = await askUv(['uv'], environment, signal);
  const found = await firstPython(environment, signal);
  if (found === null) {
    const kept = standalone === null ? null : await uvPython(standalone, environment, signal);
    return {
      python: kept === null ? null : await askPython(kept, environment, signal),
      uv: standalone,
    };
  }
  // -P: a file uv.py in the present folder is not meant.
  return {
    python: found,
    uv: standalone ?? (await askUv([found.path, '-P', '-m', 'uv'], environment, signal)),
  };
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

async function firstPython(environment: Environment, signal: AbortSignal): Promise<PythonTools['python']> {
  for (const name of NAMES) {
    const python = await askPython(name, environment, signal);
    if (python !== null) return python;
  }
  return null;
}

async function askPython(
  program: string,
  environment: Environment,
  signal: AbortSignal,
): Promise<PythonTools['python']> {
  const { code, stdout } = await runProgram({ command: [program, '-c', ASK], environment, signal });
  const [version = '', path = ''] = stdout.trim().split('\n');
  return code === 0 && version.startsWith(`${PYTHON_VERSION}.`) ? { path, version } : null;
}

async function askUv(
  command: readonly string[],
  environment: Environment,
  signal: AbortSignal,
): Promise<PythonTools['uv']> {
  const { code, stdout } = await runProgram({ command: [...command, '--version'], environment, signal });
  const version = /^uv (\S+)/.exec(stdout)?.[1];
  return code === 0 && version !== undefined ? { version, command } : null;
}

/** One that uv keeps for itself, or finds where nobody else looks. */
async function uvPython(uv: Uv, environment: Environment, signal: AbortSignal): Promise<string | null> {
  const asked = ['python', 'find', '--no-project', '--no-python-downloads', PYTHON_VERSION];
  const command = [...uv.command, ...asked];
  const { code, stdout } = await runProgram({ command, environment, signal });
  return code === 0 ? stdout.trim() : null;
}
