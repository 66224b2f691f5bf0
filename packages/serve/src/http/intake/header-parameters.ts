const SEMICOLON = 0x3b;
const EQUALS = 0x3d;

/** A header such as `form-data; name="file"; filename="a \"b\".jpg"`. */
export interface ParameterizedValue {
  /** Lower case, without the parameters. */
  readonly value: string;
  /** By their names in lower case; the first of a name counts. `filename*` is a name of its own. */
  readonly parameters: ReadonlyMap<string, string>;
}

/**
 * Takes a header apart in one pass. Blanks may stand around `;` and `=`; a quoted value may hold both, and `\"` and
 * `\\` (RFC 9110). Any other backslash is a character as others are: browsers on Windows sent whole paths.
 */
export function parseParameters(header: string): ParameterizedValue {
  const parameters = new Map<string, string>();
  let at = tokenEnd(header, 0);
  const value = header.slice(0, at).trim().toLowerCase();
  while (at < header.length) {
    const nameEnd = tokenEnd(header, at + 1, EQUALS);
    const name = header
      .slice(at + 1, nameEnd)
      .trim()
      .toLowerCase();
    at = nameEnd;
    if (header[at] !== '=') continue;
    at++;
    while (isBlank(header[at])) at++;
    const [parameter, end] = header[at] === '"' ? quotedValue(header, at + 1) : plainValue(header, at);
    if (name !== '' && !parameters.has(name)) parameters.set(name, parameter);
    at = tokenEnd(header, end);
  }
  return { value, parameters };
}

function plainValue(header: string, start: number): [value: string, end: number] {
  const end = tokenEnd(header, start);
  return [header.slice(start, end).trim(), end];
}

/** @returns what stands between the quotes, and the place after them; a quote that is never closed ends with the header */
function quotedValue(header: string, start: number): [value: string, end: number] {
  let value = '';
  let copied = start;
  for (let at = start; at < header.length; at++) {
    if (header[at] === '"') return [value + header.slice(copied, at), at + 1];
    const next = header[at + 1];
    if (header[at] !== '\\' || (next !== '"' && next !== '\\')) continue;
    value += header.slice(copied, at);
    copied = at + 1;
    at++;
  }
  return [value + header.slice(copied), header.length];
}

/** Where the next semicolon stands, or another end. */
function tokenEnd(header: string, start: number, otherEnd = SEMICOLON): number {
  let at = start;
  for (; at < header.length; at++) {
    const character = header.charCodeAt(at);
    if (character === SEMICOLON || character === otherEnd) break;
  }
  return at;
}

const isBlank = (character: string | undefined): boolean => character === ' ' || character === '\t';
