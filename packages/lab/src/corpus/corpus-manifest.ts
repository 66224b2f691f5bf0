import { createHash } from 'node:crypto';
import { z } from 'zod';

const hash = z.string().regex(/^[0-9a-f]{64}$/);

/** `manifest.json` of a corpus on disk. */
export const corpusManifestSchema = z.object({
  schema_version: z.literal(1),
  mix: z.string(),
  seed: z.number().int(),
  /** True where the sources were not photographs but pictures made by a generator. */
  generated: z.boolean(),
  encoder: z.string(),
  width: z.number().int(),
  height: z.number().int(),
  /** Of the images' hashes in order: one hash for the whole. */
  sha256: hash,
  images: z.array(
    z.object({
      file: z.string().regex(/^\d{3,}\.jpg$/, 'is not the name of an image'),
      sha256: hash,
      bytes: z.number().int(),
      /** Name of the photograph, or `generated 0`, ... */
      source: z.string(),
      quality: z.number().int(),
    }),
  ),
});
export type CorpusManifest = z.infer<typeof corpusManifestSchema>;

export const sha256 = (bytes: string | Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex');

export const wholeHash = (hashes: readonly string[]): string => sha256(`${hashes.join('\n')}\n`);
