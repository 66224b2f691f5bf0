export const MARKER = {
  baseline: 0xc0,
  progressive: 0xc2,
  huffmanTables: 0xc4,
  arithmeticConditioning: 0xcc,
  startOfImage: 0xd8,
  endOfImage: 0xd9,
  startOfScan: 0xda,
  quantizationTables: 0xdb,
  numberOfLines: 0xdc,
  restartInterval: 0xdd,
} as const;

/** A marker segment. */
export interface JpegPart {
  readonly marker: number;
  /** Without marker and length. */
  readonly payload: Buffer;
  /** Entropy-coded bytes of a scan, restart markers included. */
  readonly coded: Buffer;
  /** What the length field says more than is true. */
  readonly lengthError?: number;
}

const NONE = Buffer.alloc(0);

export const part = (
  marker: number,
  payload: Buffer | readonly number[],
  coded: Buffer = NONE,
): JpegPart => ({
  marker,
  payload: Buffer.from(payload),
  coded,
});

/** @param file a whole one: everything between its first and last marker becomes a part */
export function partsOf(file: Buffer): JpegPart[] {
  const parts: JpegPart[] = [];
  for (let at = 2; at < file.length && file[at + 1] !== MARKER.endOfImage; ) {
    const marker = file.readUInt8(at + 1);
    const codedAt = at + 2 + file.readUInt16BE(at + 2);
    let end = codedAt;
    if (marker === MARKER.startOfScan) while (!isSegmentMarker(file, end)) end++;
    parts.push(part(marker, file.subarray(at + 4, codedAt), file.subarray(codedAt, end)));
    at = end;
  }
  return parts;
}

/** Neither a coded 0xff, which a zero follows, nor a restart, RST0 to RST7. */
function isSegmentMarker(file: Buffer, at: number): boolean {
  const next = file.readUInt8(at + 1);
  return file[at] === 0xff && next !== 0 && (next < 0xd0 || next > 0xd7);
}

export const fileOf = (parts: readonly JpegPart[]): Buffer =>
  Buffer.concat([
    Buffer.from([0xff, MARKER.startOfImage]),
    ...parts.map(bytesOf),
    Buffer.from([0xff, MARKER.endOfImage]),
  ]);

export function bytesOf({ marker, payload, coded, lengthError = 0 }: JpegPart): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE((payload.length + 2 + lengthError) & 0xffff, 2);
  return Buffer.concat([head, payload, coded]);
}

/** SOF0 to SOF15 without DHT (C4), JPG (C8) and DAC (CC), which lie between them. */
export const isFrame = ({ marker }: JpegPart): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

export const isScan = ({ marker }: JpegPart): boolean => marker === MARKER.startOfScan;
