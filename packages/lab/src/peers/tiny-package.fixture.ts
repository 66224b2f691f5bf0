import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

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
  await promisify(execFile)(python, ['-c', MAKE_WHEEL, wheel]);
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

/** Where a program lies on this machine's PATH; null where it does not. */
export async function whereIs(program: string): Promise<string | null> {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, program);
    if (
      await access(path).then(
        () => true,
        () => false,
      )
    ) {
      return path;
    }
  }
  return null;
}

/** A folder to be the whole PATH, with these programs and no others. */
export async function pathOf(folder: string, programs: readonly string[]): Promise<string> {
  const bin = join(folder, 'only');
  await mkdir(bin);
  for (const program of programs) await symlink(program, join(bin, program.split('/').at(-1) ?? ''));
  return bin;
}
