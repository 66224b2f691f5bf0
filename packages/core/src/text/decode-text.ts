type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/**
 * The encoding that a byte-order mark names, otherwise UTF-8. PowerShell 5 writes UTF-16 where it redirects the output
 * of a program, and Notepad puts a mark before UTF-8.
 */
export function textEncoding(bytes: Uint8Array): Encoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return 'utf-8';
}

/** The text of a file that somebody else has written; a byte-order mark is not part of it. */
export const decodeText = (bytes: Uint8Array): string => new TextDecoder(textEncoding(bytes)).decode(bytes);
