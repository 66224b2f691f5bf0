const DATA_PREFIX = /^\s*data:[^,]{0,256};base64,/i;

/**
 * The bytes of standard base64, padded; white space and a `data:` prefix are allowed. Null for anything else.
 *
 * `Buffer.from` never throws: it skips what is no base64 and stops at padding. Both make the result shorter
 * than the text allows, so comparing lengths checks the alphabet and the padding without a second pass.
 */
export function decodeBase64(text: string): Buffer | null {
  const encoded = text.startsWith('data:') ? text.replace(DATA_PREFIX, '') : text;
  return decodeExact(encoded) ?? decodeExact(encoded.replace(DATA_PREFIX, '').replace(/\s+/g, ''));
}

function decodeExact(encoded: string): Buffer | null {
  // Of a character beyond ASCII, Buffer.from may read the low byte alone and take it for a letter.
  if (encoded.length % 4 !== 0 || Buffer.byteLength(encoded) !== encoded.length) return null;
  const padding = encoded.endsWith('==') ? 2 : encoded.endsWith('=') ? 1 : 0;
  const bytes = Buffer.from(encoded, 'base64');
  return bytes.length === (encoded.length / 4) * 3 - padding ? bytes : null;
}
