import type { Random } from '@servelab/core';
import { chance, pick, randomBytes, randomInteger } from '../inputs/random-input.js';
import { bytesOf, fileOf, isFrame, isScan, type JpegPart, MARKER, part } from './jpeg-parts.js';

/** Changes parts in place, or returns another file made of them. */
type Change = (parts: JpegPart[], random: Random) => unknown;

const anywhere = (parts: readonly JpegPart[], random: Random) => randomInteger(random, 0, parts.length);
const insert = (parts: JpegPart[], at: number, ...added: JpegPart[]) => void parts.splice(at, 0, ...added);
const remove = (parts: JpegPart[], marker: number) =>
  void parts.splice(0, parts.length, ...parts.filter((one) => one.marker !== marker));

/** Rewrites one part of a kind, if there is any. */
function rewrite(
  parts: JpegPart[],
  isKind: (one: JpegPart) => boolean,
  change: (payload: Buffer, one: JpegPart) => unknown,
  random: Random,
): void {
  const places = [...parts.keys()].filter((n) => isKind(parts[n] as JpegPart));
  if (places.length === 0) return;
  const at = pick(random, places);
  const old = parts[at] as JpegPart;
  const payload = Buffer.from(old.payload);
  parts[at] = { ...old, payload, ...(change(payload, old) as Partial<JpegPart> | undefined) };
}

function frameOf(parts: readonly JpegPart[]): JpegPart {
  const frame = parts.find(isFrame);
  if (frame === undefined) throw new Error('a whole file has a frame');
  return frame;
}

/** A frame as the file's own, of other dimensions: mostly larger, which is what would overrun. */
function otherFrame(parts: readonly JpegPart[], random: Random): JpegPart {
  const { marker, payload } = frameOf(parts);
  const other = Buffer.from(payload);
  const factor = pick(random, [2, 3, 10, 0.5]);
  other.writeUInt16BE(1 + Math.ceil(payload.readUInt16BE(1) * factor), 1);
  other.writeUInt16BE(1 + Math.ceil(payload.readUInt16BE(3) * factor), 3);
  return part(marker, other);
}

const sampling = (payload: Buffer, random: Random, factors: readonly number[]) => {
  const component = randomInteger(random, 0, payload.readUInt8(5) - 1);
  payload[7 + 3 * component] = (pick(random, factors) << 4) | pick(random, factors);
};

const withMarker =
  (marker: number): Change =>
  (parts, random) =>
    rewrite(parts, isFrame, () => ({ marker }), random);

/** What must be refused, by the reading of the header or by the library, whatever file it was done to. */
export const REFUSED: Readonly<Record<string, Change>> = {
  'a second frame before the scans': (parts, random) =>
    insert(parts, parts.findIndex(isScan), otherFrame(parts, random)),
  'a second frame before the first': (parts, random) => insert(parts, 0, otherFrame(parts, random)),
  'a second frame after a scan': (parts, random) => {
    const scans = [...parts.keys()].filter((n) => isScan(parts[n] as JpegPart));
    insert(parts, pick(random, scans) + 1, otherFrame(parts, random));
  },
  'two whole files, one header': (parts, random) => {
    const other = otherFrame(parts, random);
    insert(parts, parts.length, ...parts.map((one) => (isFrame(one) ? other : one)));
  },
  '12 bits': (parts, random) => rewrite(parts, isFrame, (payload) => void payload.writeUInt8(12), random),
  'other precision': (parts, random) =>
    rewrite(
      parts,
      isFrame,
      (payload) => void payload.writeUInt8(pick(random, [0, 1, 2, 7, 9, 16, 255])),
      random,
    ),
  'lossless, SOF3': (parts, random) => {
    withMarker(0xc3)(parts, random);
    rewrite(parts, isFrame, (payload) => void sampling(payload, random, [1]), random);
    rewrite(
      parts,
      isScan,
      (payload) => void payload.set([randomInteger(random, 1, 7), 0, 0], payload.length - 3),
      random,
    );
  },
  'arithmetic, SOF9': withMarker(0xc9),
  'arithmetic progressive, SOF10': withMarker(0xca),
  'hierarchical or arithmetic lossless': (parts, random) =>
    withMarker(pick(random, [0xc5, 0xc6, 0xc7, 0xcb, 0xcd, 0xce, 0xcf]))(parts, random),
  'four components': (parts, random) =>
    rewrite(
      parts,
      isFrame,
      (payload) => {
        payload[5] = 4;
        const grown = Buffer.concat([payload, Buffer.from([9, 0x11, 0, 10, 0x11, 0, 11, 0x11, 0])]);
        return { payload: grown.subarray(0, 6 + 3 * 4) };
      },
      random,
    ),
  'no height': (parts, random) =>
    rewrite(parts, isFrame, (payload) => void payload.writeUInt16BE(0, 1), random),
  'no height, DNL after the first scan': (parts, random) => {
    const height = frameOf(parts).payload.subarray(1, 3);
    insert(parts, parts.findIndex(isScan) + 1, part(MARKER.numberOfLines, height));
    rewrite(parts, isFrame, (payload) => void payload.writeUInt16BE(0, 1), random);
  },
  'no width': (parts, random) =>
    rewrite(parts, isFrame, (payload) => void payload.writeUInt16BE(0, 3), random),
  'no quantization': (parts) => remove(parts, MARKER.quantizationTables),
  'sampling factors above four': (parts, random) =>
    rewrite(parts, isFrame, (payload) => void sampling(payload, random, [0, 5, 15]), random),
  'a scan of an unknown component': (parts, random) =>
    rewrite(parts, isScan, (payload) => void payload.writeUInt8(200, 1), random),
  'a scan of more components than there are': (parts, random) =>
    rewrite(parts, isScan, (payload) => void payload.writeUInt8(randomInteger(random, 5, 255)), random),
  'no scan': (parts) => remove(parts, MARKER.startOfScan),
  'no end': (parts) => fileOf(parts).subarray(0, -2),
  'cut off in its last third': (parts, random) => {
    const file = fileOf(parts);
    return file.subarray(0, Math.floor(file.length * (1 - random() / 3)) - 2);
  },
};

/** What may be taken or refused, so long as nothing breaks. */
export const EITHER: Readonly<Record<string, Change>> = {
  'other dimensions': (parts, random) =>
    rewrite(
      parts,
      isFrame,
      (payload) => {
        payload.writeUInt16BE(pick(random, [1, 7, 8, 9, 64, 255, 1500]), pick(random, [1, 3]));
      },
      random,
    ),
  'other sampling factors': (parts, random) =>
    rewrite(parts, isFrame, (payload) => void sampling(payload, random, [1, 2, 3, 4]), random),
  'another number of components': (parts, random) =>
    rewrite(
      parts,
      isFrame,
      (payload) => void payload.writeUInt8(pick(random, [0, 1, 2, 3, 5, 10, 255]), 5),
      random,
    ),
  'bad spectral selection': (parts, random) =>
    rewrite(
      parts,
      isScan,
      (payload) => {
        const [start, end] = [pick(random, [0, 1, 5, 63, 64, 255]), pick(random, [0, 1, 5, 63, 64, 255])];
        payload.set([start, end, pick(random, [0, 0x01, 0x10, 0x12, 0x21, 0xdd, 0xff])], payload.length - 3);
      },
      random,
    ),
  'progressive as baseline or the other way': (parts, random) =>
    rewrite(
      parts,
      isFrame,
      (_, { marker }) => ({
        marker: marker === MARKER.progressive ? pick(random, [0xc0, 0xc1]) : MARKER.progressive,
      }),
      random,
    ),
  'other tables in a scan': (parts, random) =>
    rewrite(parts, isScan, (payload) => void payload.writeUInt8(randomInteger(random, 0, 255), 2), random),
  'a restart interval': (parts, random) =>
    insert(
      parts,
      anywhere(parts, random),
      part(MARKER.restartInterval, [0, pick(random, [0, 1, 2, 7, 255])]),
    ),
  'arithmetic conditioning': (parts, random) =>
    insert(parts, anywhere(parts, random), part(MARKER.arithmeticConditioning, randomBytes(random, 2))),
  'a number of lines': (parts, random) =>
    insert(parts, anywhere(parts, random), part(MARKER.numberOfLines, [0, pick(random, [0, 1, 90])])),
  'a part less': (parts, random) => void parts.splice(anywhere(parts, random), 1),
  'a part twice': (parts, random) => insert(parts, anywhere(parts, random), pick(random, parts)),
  'parts in another order': (parts, random) => {
    const [moved] = parts.splice(randomInteger(random, 0, parts.length - 1), 1);
    if (moved !== undefined) insert(parts, anywhere(parts, random), moved);
  },
  'no Huffman tables': (parts) => remove(parts, MARKER.huffmanTables),
  'a bad Huffman table': (parts, random) => {
    const counts = Array.from({ length: 16 }, () => randomInteger(random, 0, 3));
    const values = randomBytes(
      random,
      counts.reduce((sum, n) => sum + n, 0),
    );
    insert(
      parts,
      anywhere(parts, random),
      part(MARKER.huffmanTables, [pick(random, [0, 1, 0x10, 0x11, 0x44]), ...counts, ...values]),
    );
  },
  'another quantization table': (parts, random) => {
    const isWide = chance(random, 0.5);
    const kind = (isWide ? 0x10 : 0) | randomInteger(random, 0, 4);
    insert(
      parts,
      anywhere(parts, random),
      part(MARKER.quantizationTables, [kind, ...randomBytes(random, isWide ? 128 : 64)]),
    );
  },
  'a wrong length': (parts, random) =>
    rewrite(
      parts,
      () => true,
      () => ({ lengthError: pick(random, [-2, -1, 1, 2, 300]) }),
      random,
    ),
  'a hundred scans more': (parts, random) => {
    const scan = pick(random, parts.filter(isScan));
    insert(parts, parts.length, ...Array<JpegPart>(100).fill(scan));
  },
  'a scan less': (parts, random) => {
    const scans = [...parts.keys()].filter((n) => isScan(parts[n] as JpegPart));
    if (scans.length > 1) parts.splice(pick(random, scans), 1);
  },
  'a marker among coded bytes': (parts, random) =>
    rewrite(
      parts,
      isScan,
      (_, { coded }) => {
        const at = randomInteger(random, 0, coded.length);
        const marker = Buffer.from([0xff, randomInteger(random, 0, 255)]);
        return { coded: Buffer.concat([coded.subarray(0, at), marker, coded.subarray(at)]) };
      },
      random,
    ),
  'coded bytes of chance': (parts, random) =>
    rewrite(parts, isScan, () => ({ coded: randomBytes(random, randomInteger(random, 0, 3000)) }), random),
  'other bits': (parts, random) => {
    const file = fileOf(parts);
    for (let left = randomInteger(random, 1, 6); left > 0; left--) {
      const at = randomInteger(random, 2, file.length - 1);
      file[at] = (file[at] ?? 0) ^ (1 << randomInteger(random, 0, 7));
    }
    return file;
  },
  'cut off anywhere': (parts, random) => {
    const file = fileOf(parts);
    return file.subarray(0, randomInteger(random, 0, file.length));
  },
};

/** The file up to each of its markers, and with each marker but nothing after it. */
export function cutAtMarkers(parts: readonly JpegPart[]): Buffer[] {
  let at = 2;
  const ends = parts.map((one) => {
    at += bytesOf(one).length;
    return at;
  });
  const file = fileOf(parts);
  return [0, 1, 2, ...ends.flatMap((end) => [end, end + 1, end + 2])]
    .filter((end) => end < file.length)
    .map((end) => file.subarray(0, end));
}

/** The beginning of one file and the end of another, each cut where a part of it begins. */
export function spliced(one: readonly JpegPart[], other: readonly JpegPart[], random: Random): Buffer {
  return fileOf([...one.slice(0, anywhere(one, random)), ...other.slice(anywhere(other, random))]);
}

/** @returns the file after one of the changes */
export function changed(parts: readonly JpegPart[], change: Change, random: Random): Buffer {
  const copy = [...parts];
  const made = change(copy, random);
  return Buffer.isBuffer(made) ? made : fileOf(copy);
}
