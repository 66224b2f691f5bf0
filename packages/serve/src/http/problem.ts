import { ERRORS, type ErrorCode, type ImageError, type ProblemDetails } from '@servelab/core';

export const PROBLEM_TYPE = 'application/problem+json';

/** RFC 9457 problem details of one request. `type` names the entry of `docs/errors.md`. */
export function problemDetails(code: ErrorCode, detail: string, requestId: string): ProblemDetails {
  const { status, title } = ERRORS[code];
  return { type: `urn:servelab:error:${code}`, title, status, code, detail, request_id: requestId };
}

/** The error of one image among several. */
export function imageError(code: ErrorCode): ImageError {
  const { status, title } = ERRORS[code];
  return { error: { code, status, title } };
}
