export interface JpegHeader {
  readonly width: number;
  readonly height: number;
  /** 1 grey, 3 colour, 4 CMYK or YCCK. */
  readonly components: number;
  /** Bits a sample; 8 in all but exotic files. */
  readonly precision: number;
  /** Neither lossless nor arithmetic-coded nor hierarchical: what every decoder takes. */
  readonly isHuffman: boolean;
  /** EXIF: 1 upright. */
  readonly orientation: number;
  /** Of Adobe's segment: 0 means that three components are RGB, not YCbCr. */
  readonly adobeTransform: number | undefined;
}

const APP1 = 0xe1;
const APP14 = 0xee;
const START_OF_SCAN = 0xda;
const ORIENTATION_TAG = 0x0112;

/**
 * Reads the segments before the first scan: all that must be known before any pixel is decoded.
 *
 * @returns undefined where there is no complete header
 */
export function readJpegHeader(bytes: Uint8Array): JpegHeader | undefined {
  const file = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let orientation = 1;
  let adobeTransform: number | undefined;
  let frame: Omit<JpegHeader, 'orientation' | 'adobeTransform'> | undefined;
  for (let at = 2; at + 4 <= file.byteLength; ) {
    if (file.getUint8(at) !== 0xff) return undefined;
    const marker = file.getUint8(at + 1);
    if (marker === 0xff) {
      at++; // fill byte
      continue;
    }
    const length = file.getUint16(at + 2);
    const end = at + 2 + length;
    if (length < 2 || end > file.byteLength) return undefined;
    if (marker === START_OF_SCAN) break;
    const segment = new DataView(bytes.buffer, bytes.byteOffset + at + 4, length - 2);
    if (isStartOfFrame(marker)) frame ??= readFrame(segment, marker);
    else if (marker === APP1) orientation = readOrientation(segment) ?? orientation;
    else if (marker === APP14 && segment.byteLength >= 12) adobeTransform = segment.getUint8(11);
    at = end;
  }
  return frame === undefined ? undefined : { ...frame, orientation, adobeTransform };
}

/** SOF0-SOF15 without DHT (C4), JPG (C8) and DAC (CC), which lie between them. */
function isStartOfFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

function readFrame(segment: DataView, marker: number) {
  if (segment.byteLength < 6) return undefined;
  return {
    precision: segment.getUint8(0),
    height: segment.getUint16(1),
    width: segment.getUint16(3),
    components: segment.getUint8(5),
    isHuffman: marker <= 0xc2, // baseline, extended sequential, progressive
  };
}

/** The orientation of an Exif segment: `Exif\0\0`, then a TIFF file whose first directory may hold the tag. */
function readOrientation(segment: DataView): number | undefined {
  const tiffAt = 6;
  if (segment.byteLength < tiffAt + 8 || segment.getUint32(0) !== 0x45786966) return undefined;
  const littleEndian = segment.getUint16(tiffAt) === 0x4949;
  const directoryAt = tiffAt + segment.getUint32(tiffAt + 4, littleEndian);
  if (directoryAt + 2 > segment.byteLength) return undefined;
  const entries = segment.getUint16(directoryAt, littleEndian);
  for (let n = 0; n < entries; n++) {
    const entryAt = directoryAt + 2 + 12 * n;
    if (entryAt + 12 > segment.byteLength) return undefined;
    if (segment.getUint16(entryAt, littleEndian) === ORIENTATION_TAG) {
      return segment.getUint16(entryAt + 8, littleEndian);
    }
  }
  return undefined;
}

/**
 * Size of a JPEG that needs nothing but decoding: upright, 8 bits, grey or YCbCr, at most so many pixels.
 *
 * @returns null for any other file
 */
export function plainJpegSize(
  bytes: Uint8Array,
  maxPixels: number,
): Pick<JpegHeader, 'width' | 'height'> | null {
  const header = readJpegHeader(bytes);
  return header !== undefined && isPlain(header) && header.width * header.height <= maxPixels ? header : null;
}

function isPlain(header: JpegHeader): boolean {
  const { width, height, components, precision, isHuffman, orientation, adobeTransform } = header;
  return (
    isHuffman &&
    precision === 8 &&
    (components === 1 || components === 3) &&
    adobeTransform !== 0 &&
    orientation <= 1 &&
    width * height > 0
  );
}
