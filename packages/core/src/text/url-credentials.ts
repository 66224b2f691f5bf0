import { usageError } from '../errors/user-error.js';

/** Stands where credentials were. */
const HIDDEN = '***';

export interface AddressedUrl {
  /** Without credentials: it may be printed. */
  readonly url: string;
  /** Value of an Authorization header; null where the URL has no credentials. */
  readonly authorization: string | null;
}

/**
 * Takes the credentials out of a URL, as the header that carries them (RFC 7617). The rest stays letter by letter:
 * placeholders may stand in it.
 *
 * @throws UserError (exit code 2), which does not say them, for credentials that no header can carry
 */
export function splitCredentials(text: string): AddressedUrl {
  const url = text.trim();
  const place = placeOf(url);
  if (place === null) return { url, authorization: null };
  const [user = '', ...password] = url.slice(place.start, place.end).split(':');
  const shown = url.slice(0, place.start) + url.slice(place.end + 1);
  return { url: shown, authorization: basic(decoded(user), decoded(password.join(':'))) };
}

/** A URL, or a text that holds one at its end such as `--url=http://...`, as it may be printed. */
export function hideCredentials(text: string): string {
  const place = placeOf(text);
  return place === null ? text : text.slice(0, place.start) + HIDDEN + text.slice(place.end);
}

/** From behind the slashes to the last `@` before the path; of what is no URL, to the last `@` at all. */
function placeOf(text: string): { start: number; end: number } | null {
  const colon = text.search(/:[/\\]/);
  if (colon === -1) return null;
  let start = colon + 1;
  // Browsers, and so `URL`, take a backslash for a slash there, and any number of them.
  while (text[start] === '/' || text[start] === '\\') start++;
  const path = URL.canParse(text) ? text.slice(start).search(/[/\\?#]/) : -1;
  const end = text.lastIndexOf('@', path === -1 ? text.length : start + path);
  return end < start ? null : { start, end };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw usageError(
      'the credentials in the URL are not percent-encoded as they should be',
      'Write a % in them as %25, an @ as %40, a / as %2F.',
    );
  }
}

function basic(user: string, password: string): string {
  if (user.includes(':')) {
    throw usageError(
      'the user name in the URL has a colon, which Basic authentication cannot carry',
      'Use another user, or give the header itself: --header "Authorization: ...".',
    );
  }
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}
