/** Swagger UI tells its page with the slash from the one without it, by which it finds its scripts. */
const DOCS = '/docs/';

/** `/predict/` and `//predict` are `/predict`: clients join a base URL that ends with a slash. */
export function canonicalUrl(url: string): string {
  const pathEnd = url.indexOf('?') === -1 ? url.length : url.indexOf('?');
  const path = url.slice(0, pathEnd);
  // Beside a path this may be a whole URL (a proxy sends it) or `*`.
  if (!path.startsWith('/') || !(path.endsWith('/') || path.includes('//'))) return url;
  const single = path.replaceAll(/\/{2,}/g, '/');
  if (single.startsWith(DOCS) || single === '/' || !single.endsWith('/')) return single + url.slice(pathEnd);
  return single.slice(0, -1) + url.slice(pathEnd);
}
