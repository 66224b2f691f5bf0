import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environmentError } from '@servelab/core';
import type { LoadResult } from '@servelab/lab';
import { errorCode, writeAtomically } from '@servelab/node';

/**
 * What a load leaves behind with `--out`, and nothing without it. A file that cannot be written costs nobody the figures:
 * it is noted.
 */
export class KeptFiles {
  /** Name and reason of each file that is not there. */
  readonly missing: string[] = [];

  private constructor(
    /** For records, in either case. */
    readonly folder: string,
    private readonly kept: boolean,
  ) {}

  /** @throws UserError (exit code 3) for a folder that cannot be made */
  static async open(out: string | null): Promise<KeptFiles> {
    const wanted = out ?? join(tmpdir(), 'servelab-load-');
    try {
      if (out === null) return new KeptFiles(await mkdtemp(wanted), false);
      await mkdir(out, { recursive: true });
      return new KeptFiles(out, true);
    } catch (error) {
      throw environmentError(
        `the folder ${wanted} cannot be made (${errorCode(error)})`,
        out === null
          ? 'Name another folder for what is kept meanwhile in TMPDIR.'
          : 'Name another with --out.',
        error,
      );
    }
  }

  async write(name: string, text: string): Promise<void> {
    if (!this.kept) return;
    try {
      await writeAtomically(join(this.folder, name), text);
    } catch (error) {
      this.miss(name, errorCode(error) ?? String(error));
    }
  }

  /** Notes records that the driver could not write. */
  records(name: string, { unwritten }: LoadResult): void {
    if (this.kept && unwritten !== undefined) this.miss(name, unwritten.reason);
  }

  /** Removes what was there only for the load itself. */
  async close(): Promise<void> {
    if (!this.kept) await rm(this.folder, { recursive: true, force: true });
  }

  private miss(name: string, reason: string): void {
    this.missing.push(`${name} (${reason})`);
  }
}
