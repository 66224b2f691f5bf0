import { crc32 } from 'node:zlib';
import type { Random } from '@servelab/core';
import { imageSeeds } from './image-seeds.js';
import { mutateSegments } from './jpeg-segments.js';
import { mutateBytes } from './mutate-bytes.js';
import { chance, pick } from './random-input.js';

/** A file that was an image; often it still is one, of another kind than it looks. */
export async function mutatedImage(random: Random): Promise<Buffer> {
  const seeds = await imageSeeds();
  const original = pick(random, seeds);
  const isJpeg = original.readUInt16BE(0) === 0xffd8;
  if (isJpeg && chance(random, 0.6)) {
    const changed = mutateSegments(original, random);
    return chance(random, 0.3) ? mutateBytes(changed, random) : changed;
  }
  const changed = mutateBytes(original, random, seeds);
  // A wrong checksum is all that would be seen of it otherwise.
  return original.readUInt32BE(0) === 0x89504e47 && chance(random, 0.9) ? withChecksums(changed) : changed;
}

/** The chunks of a PNG as far as their lengths hold. */
function withChecksums(file: Buffer): Buffer {
  for (let at = 8; at + 12 <= file.length; ) {
    const end = at + 8 + file.readUInt32BE(at);
    if (end + 4 > file.length) break;
    file.writeUInt32BE(crc32(file.subarray(at + 4, end)), end);
    at = end + 4;
  }
  return file;
}
