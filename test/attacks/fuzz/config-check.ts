import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfigFile } from '@servelab/cli/internal/config-file';
import { LOAD_OPTIONS } from '@servelab/cli/internal/load-options';
import { type OptionTable, resolveOptions, UserError } from '@servelab/core';
import { BENCH_OPTIONS, readOwnServers } from '@servelab/lab';
import { SERVE_OPTIONS } from '@servelab/serve';

/**
 * A configuration file: understood, or an error with a fix.
 *
 * @public loaded by check-host.ts
 */
export async function check(bytes: Buffer): Promise<string | null> {
  const folder = mkdtempSync(join(tmpdir(), 'servelab-fuzz-config-'));
  try {
    const path = join(folder, 'servelab.yaml');
    writeFileSync(path, bytes);
    const file = await readConfigFile(path);
    const sections: readonly [string, OptionTable][] = [
      ['serve', SERVE_OPTIONS],
      ['bench', BENCH_OPTIONS],
      ['load', LOAD_OPTIONS],
    ];
    const faults = [
      ...sections.map(([name, table]) =>
        faultOf(() => resolveOptions(table, { flags: {}, environment: {}, file: file.section(name) })),
      ),
      faultOf(() => readOwnServers(file.section('stacks'), file.folder)),
    ];
    return faults.find((fault) => fault !== null) ?? null;
  } catch (error) {
    return wordsOf(error);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** One section that is wrong must not keep the next from being looked at. */
function faultOf(read: () => unknown): string | null {
  try {
    read();
    return null;
  } catch (error) {
    return wordsOf(error);
  }
}

function wordsOf(error: unknown): string | null {
  if (error instanceof UserError) return error.fix === '' ? 'an error without a fix' : null;
  return `no error for people: ${(error as Error).stack}`;
}
