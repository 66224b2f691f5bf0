import { exifOrientation, isExif } from './exif-orientation.js';
import { exceeds, type SizeLimits } from './size-limits.js';

/** What a JPEG file says of itself before its first scan. Where two decoders could read it in two ways: undefined. */
export interface JpegHeader {
  readonly width: number;
  readonly height: number;
  /** 1 grey, 3 colour, 4 CMYK or YCCK. */
  readonly components: number;
  /** Bits a sample; 8 in all but exotic files. */
  readonly precision: number;
  /** Neither lossless nor arithmetic-coded nor hierarchical: what every decoder takes. */
  readonly isHuffman: boolean;
  /** Components named and sampled as encoders do: grey, or YCbCr with whole or halved chroma. */
  readonly isUsualLayout: boolean;
  /** EXIF: 1 upright. undefined where only the general decoder can tell. */
  readonly orientation: number | undefined;
  /** Of Adobe's segment: 0 means that three components are RGB, not YCbCr. */
  readonly adobeTransform: number | undefined;
}

type Frame = Omit<JpegHeader, 'orientation' | 'adobeTransform'>;

const APP1 = 0xe1;
const APP14 = 0xee;
const START_OF_SCAN = 0xda;
const ADOBE = 0x41646f62;
/** Horizontal and vertical factor, four bits each. */
const WHOLE = 0x11;
const USUAL_LUMA_SAMPLING = new Set([WHOLE, 0x21, 0x12, 0x22]);

/**
 * Reads the segments before the first scan: all that must be known before any pixel is decoded.
 *
 * @returns undefined where there is no complete header, or one with two frames
 */
export function readJpegHeader(bytes: Uint8Array): JpegHeader | undefined {
  const file = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let exif: DataView | undefined;
  let adobeTransform: number | undefined;
  let frame: Frame | undefined;
  for (let at = 2; at + 4 <= file.byteLength; ) {
    if (file.getUint8(at) !== 0xff) return undefined;
    const marker = file.getUint8(at + 1);
    if (marker === 0xff) {
      at++; // fill byte
      continue;
    }
    const length = file.getUint16(at + 2);
    const end = at + 2 + length;
    if (!hasLength(marker) || length < 2 || end > file.byteLength) return undefined;
    if (marker === START_OF_SCAN) {
      const orientation = exif === undefined ? 1 : exifOrientation(exif);
      return frame === undefined ? undefined : { ...frame, orientation, adobeTransform };
    }
    const segment = new DataView(bytes.buffer, bytes.byteOffset + at + 4, length - 2);
    if (isStartOfFrame(marker)) {
      if (frame !== undefined) return undefined;
      frame = readFrame(segment, marker);
      if (frame === undefined) return undefined;
    } else if (marker === APP1 && isExif(segment)) {
      exif ??= segment; // of several the first one counts, as in libvips and Pillow
    } else if (marker === APP14 && segment.byteLength >= 12 && segment.getUint32(0) === ADOBE) {
      adobeTransform = segment.getUint8(11);
    }
    at = end;
  }
  return undefined;
}

/** Not TEM, RST0-RST7, SOI, EOI, nor a reserved code that libjpeg refuses or skips in a way of its own. */
function hasLength(marker: number): boolean {
  return marker >= 0xc0 && (marker < 0xd0 || marker > 0xd9);
}

/** SOF0-SOF15 without DHT (C4), JPG (C8) and DAC (CC), which lie between them. */
function isStartOfFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

function readFrame(segment: DataView, marker: number): Frame | undefined {
  if (segment.byteLength < 6) return undefined;
  const components = segment.getUint8(5);
  if (segment.byteLength !== 6 + 3 * components) return undefined;
  return {
    precision: segment.getUint8(0),
    height: segment.getUint16(1),
    width: segment.getUint16(3),
    components,
    isHuffman: marker <= 0xc2, // baseline, extended sequential, progressive
    isUsualLayout: isUsualLayout(segment, components),
  };
}

/** Named 1, 2, 3 (some encoders 0, 1, 2); anything else may mean RGB, or be interpolated in other ways. */
function isUsualLayout(segment: DataView, components: number): boolean {
  if (components === 1) return true;
  if (components !== 3) return false;
  const [y, cb, cr] = [0, 1, 2].map((n) => ({
    id: segment.getUint8(6 + 3 * n),
    sampling: segment.getUint8(7 + 3 * n),
  })) as [Component, Component, Component];
  return (
    y.id <= 1 &&
    cb.id === y.id + 1 &&
    cr.id === y.id + 2 &&
    USUAL_LUMA_SAMPLING.has(y.sampling) &&
    cb.sampling === WHOLE &&
    cr.sampling === WHOLE
  );
}

interface Component {
  readonly id: number;
  readonly sampling: number;
}

/** A JPEG that needs nothing but decoding and turning. */
export type PlainJpeg = Pick<JpegHeader, 'width' | 'height'> & { readonly orientation: number };

/**
 * Size and orientation of a JPEG of 8 bits, grey or YCbCr, within the limits.
 *
 * @returns null for any other file, and wherever the header leaves a doubt
 */
export function plainJpeg(header: JpegHeader | undefined, limits: SizeLimits): PlainJpeg | null {
  if (header?.orientation === undefined || !isPlain(header) || exceeds(header, limits)) return null;
  const { width, height, orientation } = header;
  return { width, height, orientation };
}

function isPlain(header: JpegHeader): boolean {
  const { width, height, precision, isHuffman, isUsualLayout, adobeTransform } = header;
  return (
    isHuffman &&
    precision === 8 &&
    isUsualLayout &&
    (adobeTransform === undefined || adobeTransform === 1) &&
    width * height > 0
  );
}
