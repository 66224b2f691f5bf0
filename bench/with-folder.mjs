import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Lends a folder for the time of a measurement. */
export async function withFolder(use) {
  const folder = await mkdtemp(join(tmpdir(), 'servelab-bench-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
