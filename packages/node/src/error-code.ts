/** Code of an error of the system or of Node (`ENOENT`, `ERR_BUFFER_TOO_LARGE`); undefined for anything else. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
