/** The formats that are decoded; nothing else ever reaches a decoder. */
export type ImageFormat = 'jpeg' | 'png' | 'webp' | 'gif' | 'avif' | 'tiff';

/** How much of a file the search for `<svg` and for compatible brands looks at. */
const SNIFF_BYTES = 1024;

const TIFF = ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'];

const FORBIDDEN = [
  '%PDF-',
  '\0\0\x01\0', // ICO
  '\xff\x0a', // JPEG XL
  '\0\0\0\x0cJXL ',
  '\xff\x4f\xff\x51', // JPEG 2000
  '\0\0\0\x0cjP  ',
  '8BPS', // Photoshop
  '\x76\x2f\x31\x01', // OpenEXR
];

/**
 * Tells the format from the first bytes, never from a name or a header of the client.
 *
 * @returns `forbidden` for an image or document that is known and not on the list, `unknown` for anything else
 */
export function sniffFormat(bytes: Uint8Array): ImageFormat | 'forbidden' | 'unknown' {
  // What nearly all files are is told without the text, which takes 3 us.
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'jpeg';
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, SNIFF_BYTES));
  const text = head.toString('latin1');
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  if (text.startsWith('RIFF') && text.startsWith('WEBP', 8)) return 'webp';
  if (text.startsWith('GIF87a') || text.startsWith('GIF89a')) return 'gif';
  if (TIFF.some((start) => text.startsWith(start))) return 'tiff';
  if (text.startsWith('ftyp', 4)) return brands(head).includes('avif') ? 'avif' : 'forbidden';
  const isForbidden = FORBIDDEN.some((start) => text.startsWith(start)) || isBmp(text) || isSvg(text);
  return isForbidden ? 'forbidden' : 'unknown';
}

/** Two letters are too few to go by: the reserved field must be zero as well. */
const isBmp = (text: string): boolean => text.startsWith('BM') && text.startsWith('\0\0\0\0', 6);

/** After an optional byte order mark, declaration, comment or document type. */
const isSvg = (text: string): boolean => /^(\xef\xbb\xbf)?\s*<(svg|[?!][\s\S]*<svg)[\s>]/i.test(text);

/** Major and compatible brands of an ISO base media file: HEIC and AVIF differ only there. */
function brands(head: Buffer): string[] {
  const boxLength = head.length < 16 ? 0 : Math.min(head.readUInt32BE(0), head.length);
  const found: string[] = [];
  for (let at = 8; at + 4 <= boxLength; at += 4) found.push(head.toString('latin1', at, at + 4));
  return found;
}
