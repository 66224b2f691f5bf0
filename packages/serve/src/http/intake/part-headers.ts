/** The headers of a part by their names in lower case; of a name that comes twice the first counts. */
export type PartHeaders = ReadonlyMap<string, string>;

export function parsePartHeaders(text: string): PartHeaders {
  const headers = new Map<string, string>();
  // A line that begins with a blank goes on with the one before it (folding, RFC 5322).
  for (const line of text.replaceAll(/\r\n[ \t]/g, ' ').split('\r\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0)).trim().toLowerCase();
    if (name !== '' && !headers.has(name)) headers.set(name, line.slice(colon + 1).trim());
  }
  return headers;
}
