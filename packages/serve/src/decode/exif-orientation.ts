const TIFF_AT = 6;
const ORIENTATION_TAG = 0x0112;
const SHORT = 3;
const LONG = 4;
/** Bytes of one value by type, BYTE to DOUBLE; index 0 is no type. */
const VALUE_BYTES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8];

/** Whether an APP1 segment means to be EXIF, well-formed or not; others hold XMP. */
export function isExif(segment: DataView): boolean {
  return segment.byteLength >= 4 && segment.getUint32(0) === 0x45786966;
}

/**
 * The orientation of an EXIF segment: `Exif\0\0`, then a TIFF file whose first directory may hold the tag, as SHORT
 * or (many phones) as LONG.
 *
 * @returns 1 to 8, 1 also where there is no tag; undefined for anything that decoders could read in two ways: no proper
 *   directory, the tag twice, another type, another count, a value out of range
 */
export function exifOrientation(segment: DataView): number | undefined {
  if (segment.byteLength < TIFF_AT + 8 || segment.getUint16(4) !== 0) return undefined;
  const byteOrder = segment.getUint16(TIFF_AT);
  const littleEndian = byteOrder === 0x4949;
  if (!littleEndian && byteOrder !== 0x4d4d) return undefined;
  if (segment.getUint16(TIFF_AT + 2, littleEndian) !== 42) return undefined;
  const offset = segment.getUint32(TIFF_AT + 4, littleEndian);
  const directoryAt = TIFF_AT + offset;
  if (offset < 8 || directoryAt + 2 > segment.byteLength) return undefined;
  const entries = segment.getUint16(directoryAt, littleEndian);
  if (directoryAt + 2 + 12 * entries > segment.byteLength) return undefined;

  let orientation: number | undefined;
  for (let n = 0; n < entries; n++) {
    const entryAt = directoryAt + 2 + 12 * n;
    if (!isProperEntry(segment, entryAt, littleEndian)) return undefined;
    if (segment.getUint16(entryAt, littleEndian) !== ORIENTATION_TAG) continue;
    if (orientation !== undefined) return undefined;
    orientation = singleInteger(segment, entryAt, littleEndian);
    if (orientation === undefined || orientation < 1 || orientation > 8) return undefined;
  }
  return orientation ?? 1;
}

/** Tag, type, count, then the value itself or, where it takes more than four bytes, its offset. */
function isProperEntry(segment: DataView, entryAt: number, littleEndian: boolean): boolean {
  const valueBytes = VALUE_BYTES[segment.getUint16(entryAt + 2, littleEndian)] ?? 0;
  const bytes = valueBytes * segment.getUint32(entryAt + 4, littleEndian);
  if (bytes === 0) return false;
  return bytes <= 4 || TIFF_AT + segment.getUint32(entryAt + 8, littleEndian) + bytes <= segment.byteLength;
}

function singleInteger(segment: DataView, entryAt: number, littleEndian: boolean): number | undefined {
  if (segment.getUint32(entryAt + 4, littleEndian) !== 1) return undefined;
  const type = segment.getUint16(entryAt + 2, littleEndian);
  if (type === SHORT) return segment.getUint16(entryAt + 8, littleEndian);
  return type === LONG ? segment.getUint32(entryAt + 8, littleEndian) : undefined;
}
