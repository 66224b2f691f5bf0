import { constants, deflateRawSync } from 'node:zlib';

const MIB = 1024 * 1024;
const ADLER_BASE = 65_521;
const FINAL_EMPTY_BLOCK = Buffer.from([0x01, 0x00, 0x00, 0xff, 0xff]);

/**
 * Deflated zeros, a thousandth as long, without ever having them: a block that refers to nothing before it is repeated.
 */
function zerosDeflated(bytes: number): Buffer {
  const whole = Math.floor(bytes / MIB);
  const block = deflated(MIB);
  return Buffer.concat([...Array<Buffer>(whole).fill(block), deflated(bytes % MIB), FINAL_EMPTY_BLOCK]);
}

const deflated = (bytes: number): Buffer =>
  deflateRawSync(Buffer.alloc(bytes), { finishFlush: constants.Z_FULL_FLUSH });

/** The same as a zlib stream (RFC 1950), as PNG and TIFF hold it. */
export function zerosAsZlib(bytes: number): Buffer {
  const checksum = Buffer.alloc(4);
  // Adler-32: the first sum stays 1, the second counts the bytes.
  checksum.writeUInt16BE(bytes % ADLER_BASE, 0);
  checksum.writeUInt16BE(1, 2);
  return Buffer.concat([Buffer.from([0x78, 0x01]), zerosDeflated(bytes), checksum]);
}

/** The same as gzip, whose checksum is left out: what is too large is refused before its end. */
export function zerosAsGzip(bytes: number): Buffer {
  return Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]), zerosDeflated(bytes)]);
}
