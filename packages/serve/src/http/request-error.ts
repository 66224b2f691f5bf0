import { ERRORS, type ErrorCode } from '@servelab/core';

/** A request that ends with an error of the table. `detail` is for the client: no paths, no stack, no image. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  constructor(
    readonly code: ErrorCode,
    readonly detail: string = ERRORS[code].fix,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(`${code}: ${detail}`);
  }
}
