import { type ChildProcessWithoutNullStreams, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { loadTurboJpeg } from '@servelab/serve/internal/turbojpeg-library';

const SOURCE = fileURLToPath(new URL('./decode-stream.c', import.meta.url));
const isThere = (program: string) => spawnSync(program, ['--version']).status === 0;

/** The shared library that the server itself has open once it was asked for it; undefined where there is none. */
function openedLibrary(): string | undefined {
  if (process.platform !== 'linux' || loadTurboJpeg() === undefined) return undefined;
  return /\/\S*\/libturbojpeg\.so\.0/.exec(readFileSync('/proc/self/maps', 'utf8'))?.[0];
}

const LIBRARY = openedLibrary();

/** Why the C program cannot be had here; null where it can. */
export const HARNESS_MISSING: string | null =
  LIBRARY === undefined ? 'libturbojpeg.so.0 is for Linux' : isThere('gcc') ? null : 'needs gcc';
export const VALGRIND_MISSING: string | null =
  HARNESS_MISSING ?? (isThere('valgrind') ? null : 'needs valgrind');

/** Ends at the first fault, so that it belongs to the case that was not answered; leaks are told at the end. */
const VALGRIND = [
  'valgrind',
  ...['--quiet', '--error-exitcode=9', '--exit-on-first-error=yes'],
  ...['--leak-check=full', '--errors-for-leak-kinds=definite'],
];

export interface Decoded {
  readonly verdict:
    | 'ok'
    | 'refused'
    | 'other-size'
    | 'lossless'
    | 'too-large'
    | 'underrun'
    | 'unstable'
    | 'unwritten'
    | 'ended';
  readonly width: number;
  readonly height: number;
  /** FNV-1a of the pixels of what is ok. */
  readonly hash: number;
  /** Why it was refused, or how the process ended. */
  readonly why: string;
}

/** `decode-stream.c`, which decodes one file after the other. */
export class DecodeStream {
  readonly #lines: AsyncIterator<string>;
  readonly #exit: Promise<unknown[]>;
  #errors = '';

  private constructor(
    private readonly child: ChildProcessWithoutNullStreams,
    lines: Interface,
    private readonly folder: string,
  ) {
    this.#lines = lines[Symbol.asyncIterator]();
    this.#exit = once(child, 'close');
    child.stderr.on('data', (bytes: Buffer) => {
      this.#errors += bytes.toString();
    });
    child.stdin.on('error', () => {});
  }

  /** @param how between pages that may not be touched, or slowly under valgrind */
  static start(how: 'guard' | 'valgrind'): DecodeStream {
    const folder = mkdtempSync(join(tmpdir(), 'decode-stream-'));
    const program = join(folder, 'decode-stream');
    execFileSync('gcc', [
      '-std=gnu11',
      '-O1',
      '-g',
      '-Wall',
      '-Wextra',
      '-Werror',
      '-o',
      program,
      SOURCE,
      '-ldl',
    ]);
    const command = how === 'guard' ? [program] : [...VALGRIND, program];
    const mode = how === 'guard' ? 'guard' : 'heap';
    const child = spawn(command[0] as string, [...command.slice(1), LIBRARY as string, mode]);
    return new DecodeStream(child, createInterface(child.stdout), folder);
  }

  /** @param size what our own reading of the header says; null for what the library says */
  async decode(bytes: Uint8Array, size: { width: number; height: number } | null): Promise<Decoded> {
    const head = Buffer.alloc(12);
    for (const [n, value] of [bytes.length, size?.width ?? 0, size?.height ?? 0].entries()) {
      head.writeUInt32LE(value, 4 * n);
    }
    this.child.stdin.write(Buffer.concat([head, bytes]));
    const { value, done } = await this.#lines.next();
    if (done === true) return { verdict: 'ended', width: 0, height: 0, hash: 0, why: await this.#ended() };
    const [verdict, width, height, hash, ...why] = (value as string).split(' ');
    return {
      verdict: verdict as Decoded['verdict'],
      width: Number(width),
      height: Number(height),
      hash: Number(hash),
      why: why.join(' '),
    };
  }

  /** @returns how it ended; null where all was well, no memory lost under valgrind among it */
  async close(): Promise<string | null> {
    this.child.stdin.end();
    const words = await this.#ended();
    rmSync(this.folder, { recursive: true });
    return words === 'exit 0\n' ? null : words;
  }

  async #ended(): Promise<string> {
    const [code, signal] = await this.#exit;
    return `exit ${signal ?? code}\n${this.#errors}`;
  }
}
