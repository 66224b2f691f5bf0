/** One entry of a TIFF directory; its value stands in the entry itself. */
export interface ExifEntry {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  readonly value: number;
}

export interface ExifShape {
  readonly bigEndian: boolean;
  readonly entries: readonly ExifEntry[];
  /** Bytes before the directory beyond the TIFF header's eight. */
  readonly gap?: number;
  /** What is written as the offset of the directory, and as the number of entries, where that is a lie. */
  readonly offset?: number;
  readonly entryCount?: number;
  /** Bytes cut off at the end. */
  readonly cut?: number;
}

export const ORIENTATION = 0x0112;
export const SHORT = 3;
export const LONG = 4;

/** An APP1 segment with EXIF of any shape, proper or not. */
export function exifSegment({ bigEndian, entries, gap = 0, offset, entryCount, cut = 0 }: ExifShape): Buffer {
  const number = (bytes: 2 | 4, value: number) => {
    const out = Buffer.alloc(bytes);
    if (bigEndian) out.writeUIntBE(value, 0, bytes);
    else out.writeUIntLE(value, 0, bytes);
    return out;
  };
  const directory = entries.flatMap(({ tag, type, count, value }) => [
    number(2, tag),
    number(2, type),
    number(4, count),
    ...(type === SHORT ? [number(2, value & 0xffff), Buffer.alloc(2)] : [number(4, value)]),
  ]);
  const tiff = Buffer.concat([
    Buffer.from(bigEndian ? 'MM' : 'II'),
    number(2, 42),
    number(4, offset ?? 8 + gap),
    Buffer.alloc(gap),
    number(2, entryCount ?? entries.length),
    ...directory,
    number(4, 0),
  ]);
  return segment(0xe1, Buffer.from('Exif\0\0'), tiff.subarray(0, tiff.length - cut));
}

export function segment(marker: number, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const head = Buffer.of(0xff, marker, 0, 0);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
}

/** Puts bytes between the start of a JPEG file and its other segments. */
export function withSegments(jpeg: Buffer, ...segments: Buffer[]): Buffer {
  return Buffer.concat([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2)]);
}
