import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** What the scripts use of the system itself. */
const SYSTEM = [
  'awk',
  'bash',
  'cat',
  'dirname',
  'env',
  'grep',
  'head',
  'mktemp',
  'readlink',
  'rm',
  'sed',
  'sort',
  'tail',
];

/** In the lines of a fake tool: the tool that it stands for. */
export const REAL = '@REAL@';

export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The command lines of the fake tools, in order. */
  readonly calls: readonly string[];
}

/**
 * A PATH on which only some tools are, each of which notes how it is called, and does what a few lines of shell say.
 * Nothing is created or removed by them.
 */
export class FakeTools {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** @param tools lines of shell by name; {@link REAL} in them stands for the path of the system's own */
  static async create(tools: Readonly<Record<string, string>>): Promise<FakeTools> {
    const folder = await mkdtemp(join(tmpdir(), 'servelab-tools-'));
    const fake = new FakeTools(folder);
    for (const name of SYSTEM) await fake.#link(name);
    for (const [name, lines] of Object.entries(tools)) {
      await fake.#write(name, lines.includes(REAL) ? lines.replaceAll(REAL, pathOf(name)) : lines);
    }
    return fake;
  }

  /** Runs a script, which finds these tools and no others, and nobody at its standard input. */
  async run(
    script: string,
    args: readonly string[] = [],
    environment: Readonly<Record<string, string>> = {},
  ): Promise<Finished> {
    const calls = join(this.#folder, 'calls');
    await writeFile(calls, '');
    const env = { PATH: this.#folder, HOME: this.#folder, CALLS: calls, ...environment };
    return await new Promise((resolve, reject) => {
      const child = execFile(script, [...args], { env }, (error, stdout, stderr) => {
        readFile(calls, 'utf8').then((text) => {
          const code = typeof error?.code === 'number' ? error.code : 0;
          resolve({ code, stdout, stderr, calls: text.split('\n').filter((line) => line !== '') });
        }, reject);
      });
      child.stdin?.end();
    });
  }

  /** A place of its own, for whatever the script may remove. */
  get folder(): string {
    return this.#folder;
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true });
  }

  async #write(name: string, lines: string): Promise<void> {
    const path = join(this.#folder, name);
    await writeFile(path, `#!/usr/bin/env bash\necho "${name} $*" >>"$CALLS"\n${lines}\n`);
    await chmod(path, 0o755);
  }

  async #link(name: string): Promise<void> {
    await symlink(pathOf(name), join(this.#folder, name));
  }
}

/** Where the system has a program. */
function pathOf(name: string): string {
  const paths = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name));
  const found = paths.find((path) => existsSync(path));
  if (found === undefined) throw new Error(`${name} is not on the PATH`);
  return found;
}
