import { join } from 'node:path';
import { cacheFolder, type Environment } from '@servelab/node';
import { publishCorpusFolder, readCorpusFolder } from './corpus-folder.js';
import { type CorpusManifest, sha256, wholeHash } from './corpus-manifest.js';
import { decodePicture, ENCODER_VERSION, encodeCrop } from './encode-image.js';
import { generatePictures, type Picture } from './generated-pictures.js';
import { type Crop, IMAGE_MIXES, type ImageMix, type ImageMixName, planCrops } from './image-mix.js';
import { findPhotographs, type StoredPhotograph } from './photograph-store.js';

/** Fewer would let a cache of answers pass unseen. */
const CORPUS_SIZE = 256;

export interface CorpusImage {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  /** Name of the photograph it was cut from. */
  readonly source: string;
}

export interface Corpus {
  /** The mix; `224 (generated)` where there were no photographs. */
  readonly name: string;
  readonly generated: boolean;
  readonly width: number;
  readonly height: number;
  readonly sha256: string;
  /** Where they lie, with `manifest.json`, which names them. */
  readonly folder: string;
  readonly images: readonly CorpusImage[];
}

/** A photograph whose class is known from the outside. */
export interface KnownPhotograph {
  readonly path: string;
  /** A right answer has one of these first. */
  readonly rightClasses: readonly number[];
}

export interface CorpusRequest {
  readonly mix: ImageMixName;
  readonly seed: number;
  readonly environment: Environment;
  /** Told how many of the images are made, when they have to be made. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * 256 distinct JPEG files of one size, cut from the photographs by a seed, or from generated pictures where
 * the photographs cannot be had. Made once and kept in the cache; the same seed gives the same bytes.
 *
 * @throws UserError (exit code 3) for photographs that are not the pinned ones, or a cache that cannot be written
 */
export async function loadCorpus(request: CorpusRequest): Promise<Corpus> {
  const { mix, seed, environment } = request;
  const photographs = await findPhotographs(environment);
  const generated = photographs === null;
  const key = sha256(`${mix} ${seed} ${generated} ${ENCODER_VERSION} 1`).slice(0, 12);
  const folder = join(cacheFolder(environment), 'corpus', `${mix}-${key}`);
  const manifest = (await readCorpusFolder(folder)) ?? (await makeCorpus(request, photographs, folder));
  return {
    name: generated ? `${mix} (generated)` : mix,
    generated,
    width: manifest.width,
    height: manifest.height,
    sha256: manifest.sha256,
    folder,
    images: manifest.images.map(({ file, sha256: hash, bytes, source }) => ({
      path: join(folder, file),
      sha256: hash,
      bytes,
      source,
    })),
  };
}

/** The photographs that have a known class; [] where they cannot be had. */
export async function knownPhotographs(environment: Environment): Promise<KnownPhotograph[]> {
  const photographs = (await findPhotographs(environment)) ?? [];
  return photographs
    .filter(({ rightClasses }) => rightClasses.length > 0)
    .map(({ path, rightClasses }) => ({ path, rightClasses }));
}

async function makeCorpus(
  { mix, seed, onProgress }: CorpusRequest,
  photographs: StoredPhotograph[] | null,
  folder: string,
): Promise<CorpusManifest> {
  const sources = photographs
    ? await Promise.all(photographs.map(({ path }) => decodePicture(path)))
    : await generatePictures(seed);
  const size: ImageMix = IMAGE_MIXES[mix];
  const crops = planCrops(size, sources, CORPUS_SIZE, seed);
  const images = await encodeAll(crops, sources, size, onProgress);
  const hashes = images.map(sha256);
  if (new Set(hashes).size !== images.length) throw new Error(`two images of the ${mix} corpus are the same`);
  const manifest: CorpusManifest = {
    schema_version: 1,
    mix,
    seed,
    generated: photographs === null,
    encoder: ENCODER_VERSION,
    width: size.width,
    height: size.height,
    sha256: wholeHash(hashes),
    images: crops.map(({ source, quality }, index) => ({
      file: `${String(index).padStart(3, '0')}.jpg`,
      sha256: hashes[index] ?? '',
      bytes: images[index]?.length ?? 0,
      source: photographs?.[source]?.name ?? `generated ${source}`,
      quality,
    })),
  };
  await publishCorpusFolder(folder, manifest, images);
  return manifest;
}

async function encodeAll(
  crops: readonly Crop[],
  sources: readonly Picture[],
  size: ImageMix,
  onProgress: CorpusRequest['onProgress'],
): Promise<Buffer[]> {
  const images: Buffer[] = [];
  for (const crop of crops) {
    const picture = sources[crop.source];
    if (picture === undefined) throw new RangeError(`no source ${crop.source}`);
    images.push(await encodeCrop(picture, crop, size));
    onProgress?.(images.length, crops.length);
  }
  return images;
}
