import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What a folder of fake programs has. Each program notes how it is called. */
export interface FakeTools {
  /** `python3.11`: whether pip has put uv into it as a module. */
  readonly python?: { readonly hasUv: boolean };
  /** `uv`: whether it runs, or is left behind by a version manager that does not know it for this Python. */
  readonly uv?: 'runs' | 'fails';
  /** Where `uv` keeps a Python for itself; none unless it is given. */
  readonly keptPython?: string;
  /** Lines of shell for `-m venv FOLDER` and `uv venv FOLDER`, which is `$folder`; by default it makes one. */
  readonly venv?: string;
}

export const FAKE_PYTHON_VERSION = '3.11.99';
export const FAKE_UV_VERSION = '9.8.7';

/**
 * A folder that is the whole PATH. Its programs are shell scripts which use nothing else of the machine than `/bin/sh` and
 * the system's own `mkdir` and `cp`.
 */
export class FakeBin {
  private constructor(
    readonly path: string,
    private readonly callsPath: string,
  ) {}

  static async create(folder: string, { python, uv, keptPython, venv }: FakeTools): Promise<FakeBin> {
    const fake = new FakeBin(join(folder, 'bin'), join(folder, 'calls'));
    await mkdir(fake.path);
    await writeFile(fake.callsPath, '');
    const makeVenv =
      venv ?? `mkdir -p "$folder/bin" && cp "${join(fake.path, '.python')}" "$folder/bin/python"`;
    const asUv = `
      case "$1 $2" in
        "--version ") echo "uv ${FAKE_UV_VERSION} (fake)" ;;
        "python find") ${keptPython === undefined ? 'exit 2' : `echo "${keptPython}"`} ;;
        venv*) for folder in "$@"; do :; done; ${makeVenv} ;;
        "pip install") ;;
        *) exit 64 ;;
      esac`;
    const asPython = `
      case "$*" in
        "-c "*) echo ${FAKE_PYTHON_VERSION}; echo "$0" ;;
        "-P -m uv "*) ${python?.hasUv === true ? `shift 3; ${asUv}` : 'echo "No module named uv" >&2; exit 1'} ;;
        "-m venv "*) folder=$3; ${makeVenv} ;;
        "-m pip install "*) ;;
        *) exit 64 ;;
      esac`;
    await fake.#write('.python', asPython);
    if (python !== undefined) await fake.#write('python3.11', asPython);
    if (uv !== undefined)
      await fake.#write('uv', uv === 'runs' ? asUv : 'echo "uv: command not found" >&2; exit 127');
    return fake;
  }

  /** The command lines so far, without the folder of the programs. */
  async calls(): Promise<string[]> {
    const text = (await readFile(this.callsPath, 'utf8')).replaceAll(`${this.path}/`, '');
    return text.split('\n').filter((line) => line !== '');
  }

  async #write(name: string, lines: string): Promise<void> {
    const path = join(this.path, name);
    const system = 'PATH=/bin:/usr/bin';
    await writeFile(path, `#!/bin/sh\n${system}\necho "$0 $*" >>"${this.callsPath}"\n${lines}\n`);
    await chmod(path, 0o755);
  }
}
