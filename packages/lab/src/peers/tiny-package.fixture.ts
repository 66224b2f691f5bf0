import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findPythonTools } from './find-python.js';

const WHEEL = 'tiny_answer-1.0-py3-none-any.whl';
/** A wheel is a ZIP file with a description of itself. */
const MAKE_WHEEL = `
import sys, zipfile
info = "tiny_answer-1.0.dist-info/"
with zipfile.ZipFile(sys.argv[1], "w") as wheel:
    wheel.writestr("tiny_answer.py", "ANSWER = 42\\n")
    wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: tiny-answer\\nVersion: 1.0\\n")
    wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nGenerator: servelab\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    wheel.writestr(info + "RECORD", "tiny_answer.py,,\\n%sMETADATA,,\\n%sWHEEL,,\\n%sRECORD,,\\n" % (info, info, info))
`;

/** A package of one line in a folder that serves as the only index, and a lock file that names it. */
export interface TinyPackage {
  readonly lockPath: string;
  /** What keeps uv and pip from asking any other index. */
  readonly environment: Readonly<Record<string, string>>;
}

/** @param sha256 what the lock claims; the true hash where it is left out */
export async function makeTinyPackage(folder: string, python: string, sha256?: string): Promise<TinyPackage> {
  const index = join(folder, 'index');
  await mkdir(index, { recursive: true });
  const wheel = join(index, WHEEL);
  await execute(python, ['-c', MAKE_WHEEL, wheel]);
  const hash = createHash('sha256')
    .update(await readFile(wheel))
    .digest('hex');
  const lockPath = join(folder, 'requirements.lock');
  await writeFile(lockPath, `tiny-answer==1.0 --hash=sha256:${sha256 ?? hash}\n`);
  return {
    lockPath,
    environment: {
      UV_OFFLINE: '1',
      UV_FIND_LINKS: index,
      UV_CACHE_DIR: join(folder, 'uv-cache'),
      PIP_NO_INDEX: '1',
      PIP_FIND_LINKS: index,
      HOME: folder,
    },
  };
}

interface RealInstaller {
  /** As the stamp of an environment begins to name it. */
  readonly name: 'uv' | 'pip';
  /** Why it cannot be used here; null where it can. */
  readonly missing: string | null;
  /** The Python 3.11 of this machine; empty where there is none. */
  readonly python: string;
  /** Makes a folder that is the whole PATH and offers this installer and no other. */
  readonly makeBin: (folder: string) => Promise<string>;
}

const tools = await findPythonTools(process.env, new AbortController().signal);
const python = tools.python?.path ?? '';
const execute = promisify(execFile);
const hasVenv = await execute(python, ['-c', 'import ensurepip, venv']).then(
  () => true,
  () => false,
);

/** What this machine has. Which of them servelab chooses is tested with fake ones (`fake-tools.fixture.ts`). */
export const REAL_INSTALLERS: readonly RealInstaller[] = [
  {
    name: 'uv',
    missing:
      python === '' ? 'Python 3.11 is not installed' : tools.uv === null ? 'uv is not installed' : null,
    python,
    makeBin: (folder) => binOf(folder, { 'python3.11': [python], uv: tools.uv?.command ?? [] }),
  },
  {
    name: 'pip',
    missing:
      python === ''
        ? 'Python 3.11 is not installed'
        : hasVenv
          ? null
          : `${python} has no ensurepip or no venv`,
    python,
    makeBin: async (folder) => {
      // The machine's own Python may have uv as a module: this one has no modules but its own.
      const bare = join(folder, 'bare');
      await execute(python, ['-m', 'venv', '--without-pip', bare]);
      return await binOf(folder, { 'python3.11': [join(bare, 'bin', 'python')] });
    },
  },
];

/** A folder with these programs and no others; each still has this machine's PATH, as a version manager's needs. */
async function binOf(folder: string, programs: Readonly<Record<string, readonly string[]>>): Promise<string> {
  const bin = join(folder, 'only');
  await mkdir(bin);
  for (const [name, command] of Object.entries(programs)) {
    const path = join(bin, name);
    const words = command.map((word) => `'${word}'`).join(' ');
    const variables = `PATH='${process.env.PATH}' HOME='${process.env.HOME}'`;
    await writeFile(path, `#!/bin/sh\n${variables} exec ${words} "$@"\n`);
    await chmod(path, 0o755);
  }
  return bin;
}
