import { usageError } from '@servelab/core';

const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/;
/** Latin-1 without control characters, as RFC 9110 allows it. */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
/** The body decides them. */
const NOT_OURS = ['content-length', 'transfer-encoding'];

/**
 * `Name: value` lines as headers, their names in small letters.
 *
 * @throws UserError (exit code 2) for a line that is none, a header given twice, and those that the body decides
 */
export function parseHeaders(lines: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0)).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (!TOKEN.test(name) || !VALUE.test(value)) {
      throw usageError(`the header "${line}" cannot be sent`, 'Write it as --header "Name: value".');
    }
    if (NOT_OURS.includes(name)) {
      throw usageError(`the header ${name} is set by the driver`, 'Leave it out: it follows from the body.');
    }
    if (Object.hasOwn(headers, name)) {
      throw usageError(`the header ${name} is given twice`, 'Give it once, its values separated by commas.');
    }
    headers[name] = value;
  }
  return headers;
}
