import type { Random } from '@servelab/core';
import { chance, pick, randomBytes, randomInteger } from './random-input.js';

/** A marker with what belongs to it; scans hold their coded data too. */
interface Segment {
  readonly marker: number;
  readonly bytes: Buffer;
}

const START_OF_SCAN = 0xda;
const START_OF_FRAME = [0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf];
const ODD_MARKERS = [
  ...START_OF_FRAME,
  0xc4,
  0xc8,
  0xcc,
  0xd0,
  0xd8,
  0xd9,
  0xdb,
  0xdc,
  0xdd,
  0xe0,
  0xe1,
  0xee,
  0xfe,
];

/** The segments after the start of the image; null for what is no JPEG as far as that. */
function segmentsOf(file: Buffer): Segment[] | null {
  const found: Segment[] = [];
  for (let at = 2; at + 4 <= file.length; ) {
    if (file[at] !== 0xff) return null;
    const marker = file[at + 1] ?? 0;
    if (marker === 0xd9) break;
    const length = file.readUInt16BE(at + 2);
    let end = at + 2 + length;
    if (marker === START_OF_SCAN) {
      while (end + 1 < file.length && !(file[end] === 0xff && isMarker(file[end + 1] ?? 0))) end++;
    }
    found.push({ marker, bytes: file.subarray(at + 2, end) });
    at = end;
  }
  return found;
}

/** Neither a zero after a coded 0xff nor a restart. */
const isMarker = (byte: number): boolean => byte !== 0 && (byte < 0xd0 || byte > 0xd7);

const isFrame = ({ marker }: Segment): boolean => START_OF_FRAME.includes(marker);

function changedFrame({ marker, bytes }: Segment, random: Random): Segment {
  const frame = Buffer.from(bytes);
  if (frame.length < 9) return { marker, bytes: frame };
  const side = () => pick(random, [0, 1, 8, 15, 16, 17, 40, 300, chance(random, 0.02) ? 7000 : 200]);
  const changes: readonly (() => void)[] = [
    () => frame.writeUInt16BE(side(), 3), // height
    () => frame.writeUInt16BE(side(), 5), // width
    () => {
      frame[2] = pick(random, [2, 8, 12, 16]); // bits a sample
    },
    () => {
      frame[7] = pick(random, [0, 1, 2, 3, 4, 5, 255]); // components
    },
    () => {
      frame[pick(random, [9, 12, 15])] = pick(random, [0x11, 0x12, 0x21, 0x22, 0x41, 0x14, 0x00, 0x55]);
    },
  ];
  pick(random, changes)();
  return { marker: chance(random, 0.3) ? pick(random, START_OF_FRAME) : marker, bytes: frame };
}

/** An Exif segment whose directory says about anything of the orientation. */
function exif(random: Random): Segment {
  const isLittle = chance(random, 0.5);
  const entries = randomInteger(random, 0, 4);
  const directoryAt = pick(random, [8, 8, 9, 10, 30, 0, 0xffffffff]);
  const tiff = Buffer.alloc(60 + 12 * entries);
  const put = (value: number, at: number, width: 2 | 4) => {
    if (at + width > tiff.length) return;
    if (isLittle) tiff.writeUIntLE(value, at, width);
    else tiff.writeUIntBE(value, at, width);
  };
  tiff.write(isLittle ? 'II' : 'MM', 0, 'latin1');
  put(42, 2, 2);
  put(directoryAt, 4, 4);
  put(pick(random, [entries, entries, 0, 0xffff]), directoryAt, 2);
  for (let n = 0; n < entries; n++) {
    const at = directoryAt + 2 + 12 * n;
    const type = pick(random, [3, 4, 3, 4, 1, 9, 12]);
    put(pick(random, [0x112, 0x112, 0x10f]), at, 2);
    put(type, at + 2, 2);
    put(pick(random, [1, 1, 1, 0, 2, 0xffffffff]), at + 4, 4);
    put(randomInteger(random, 0, 9), at + 8, type === 3 ? 2 : 4);
  }
  return segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]));
}

function segment(marker: number, payload: Buffer): Segment {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(payload.length + 2);
  return { marker, bytes: Buffer.concat([length, payload]) };
}

const adobe = (random: Random): Segment =>
  segment(0xee, Buffer.concat([Buffer.from('Adobe\0\x64\0\0\0\0', 'latin1'), randomBytes(random, 1)]));

/** Changes what is said before and between the scans, and leaves a file that is still made of segments. */
export function mutateSegments(file: Buffer, random: Random): Buffer {
  const segments = segmentsOf(file);
  if (segments === null || segments.length === 0) return file;
  const position = () => Math.floor(random() * (segments.length + 1));
  const frameAt = segments.findIndex(isFrame);
  const frame = segments[frameAt];
  const changes: readonly (() => void)[] = [
    () => frame !== undefined && segments.splice(frameAt, 1, changedFrame(frame, random)),
    // A second frame of other dimensions, before or after the first, or between scans.
    () => frame !== undefined && segments.splice(position(), 0, changedFrame(frame, random)),
    () => segments.splice(Math.floor(random() * segments.length), 1),
    () => segments.splice(position(), 0, pick(random, segments)),
    () => segments.splice(position(), 0, exif(random)),
    () => segments.splice(position(), 0, exif(random), exif(random)),
    () => segments.splice(position(), 0, adobe(random)),
    () => segments.splice(position(), 0, segment(0xdd, randomBytes(random, 2))), // restart interval
    () =>
      segments.splice(
        position(),
        0,
        segment(pick(random, ODD_MARKERS), randomBytes(random, randomInteger(random, 0, 40))),
      ),
    () =>
      segments.splice(position(), 0, {
        marker: pick(random, [0x01, 0xd0, 0xd7, 0xff, 0xd8]),
        bytes: Buffer.alloc(0),
      }),
  ];
  const times = randomInteger(random, 1, 3);
  for (let n = 0; n < times && segments.length > 0; n++) pick(random, changes)();
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    ...segments.flatMap(({ marker, bytes }) => [Buffer.from([0xff, marker]), bytes]),
    Buffer.from(chance(random, 0.9) ? [0xff, 0xd9] : []),
  ]);
}
