import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { sha256 } from './sha256.js';

const INDEX = 'model.json';

const indexSchema = z.strictObject({
  name: z.string(),
  synthetic: z.boolean(),
  /** Of the source weights, or of the f32 graph where these are synthetic. */
  sha256: z.string(),
  files: z.record(z.string(), z.string()),
});

/** What one folder of the cache says of itself: every file with its sha256. */
export type CacheIndex = z.infer<typeof indexSchema>;

export interface CacheEntry extends CacheIndex {
  readonly folder: string;
}

/** Writes files and, last, the index that names them. */
export async function writeEntry(
  folder: string,
  about: Omit<CacheIndex, 'files'>,
  contents: Readonly<Record<string, Uint8Array>>,
): Promise<void> {
  const files: Record<string, string> = {};
  for (const [name, bytes] of Object.entries(contents)) {
    await writeFile(join(folder, name), bytes);
    files[name] = sha256(bytes);
  }
  const index: CacheIndex = { ...about, files };
  await writeFile(join(folder, INDEX), `${JSON.stringify(index, null, 2)}\n`);
}

/** @returns null where there is no such entry, or its index cannot be understood */
export async function readEntry(folder: string): Promise<CacheEntry | null> {
  try {
    const index = indexSchema.parse(JSON.parse(await readFile(join(folder, INDEX), 'utf8')));
    return { ...index, folder };
  } catch {
    return null;
  }
}

export interface FileCheck {
  readonly file: string;
  readonly state: 'ok' | 'changed' | 'missing';
  /** null where it is missing. */
  readonly bytes: number | null;
}

export async function checkFiles({ folder, files }: CacheEntry): Promise<FileCheck[]> {
  return await Promise.all(
    Object.entries(files).map(async ([file, expected]): Promise<FileCheck> => {
      const bytes = await readFile(join(folder, file)).catch(() => null);
      if (bytes === null) return { file, state: 'missing', bytes: null };
      return { file, state: sha256(bytes) === expected ? 'ok' : 'changed', bytes: bytes.length };
    }),
  );
}
