import type { SizeLimits } from './size-limits.js';

/**
 * A file may hold any number of scans, in a few bytes each, and each is as dear as a picture; encoders write about ten.
 * So many are welcome at the largest size that is allowed, and more in smaller images.
 */
const SCANS_AT_FULL_SIZE = 50;
/** Even where there are hardly any pixels each scan costs something. */
const MOST_SCANS = 2500;

const START_OF_SCAN = 0xda;
const SCAN_MARKER = Buffer.of(0xff, START_OF_SCAN);
const START_OF_IMAGE = 0xd8;
const END_OF_IMAGE = 0xd9;

/** @param pixels undefined where the header does not tell: then the image is taken to be as large as may be */
export function scanLimit(pixels: number | undefined, { maxPixels }: Pick<SizeLimits, 'maxPixels'>): number {
  const share = Math.max(1, Math.min(maxPixels, pixels ?? maxPixels)) / maxPixels;
  return Math.min(MOST_SCANS, Math.floor(SCANS_AT_FULL_SIZE / share));
}

/**
 * Whether a JPEG file has more scans than that, found without looking into the entropy-coded data. Time grows with the
 * bytes, whatever they are.
 */
export function hasMoreScans(bytes: Uint8Array, limit: number): boolean {
  // Thumbnails and whatever follows the image may hold the marker too: there are at most so many scans.
  return hasMoreMarkers(bytes, limit) && walkScans(bytes, limit);
}

/** Native search; all that honest files need. */
function hasMoreMarkers(bytes: Uint8Array, limit: number): boolean {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let count = 0;
  for (let at = file.indexOf(SCAN_MARKER); at !== -1; at = file.indexOf(SCAN_MARKER, at + 2)) {
    if (++count > limit) return true;
  }
  return false;
}

/** From marker to marker, as libjpeg goes: garbage and entropy-coded data are passed over, segments by their length. */
function walkScans(bytes: Uint8Array, limit: number): boolean {
  let count = 0;
  let at = 2;
  while (at + 1 < bytes.length) {
    if (bytes[at++] !== 0xff) continue;
    const marker = bytes[at] as number;
    if (marker === 0xff) continue; // a fill byte, or the marker's own first one
    at++;
    if (marker === START_OF_IMAGE || marker === END_OF_IMAGE) return false;
    if (standsAlone(marker)) continue;
    if (marker === START_OF_SCAN && ++count > limit) return true;
    const length = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
    at += Math.max(2, length);
  }
  return false;
}

/** FF 00 is a data byte FF; TEM and the restart markers have no length. */
const standsAlone = (marker: number): boolean =>
  marker === 0x00 || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7);
