/**
 * Every error a client can be given, in one place: the server answers from it, the OpenAPI document and
 * `docs/errors.md` are generated from it, and a test holds the three together.
 * `status` is the HTTP status, `title` the RFC 9457 title, `fix` what the reader should do.
 */
export const ERRORS = {
  bad_request: {
    status: 400,
    title: 'The request is not valid HTTP',
    fix: 'Check the request line, the URL and the headers.',
  },
  invalid_image: {
    status: 400,
    title: 'The image cannot be decoded',
    fix: 'Send a complete JPEG, PNG, WebP, GIF, AVIF or TIFF file.',
  },
  invalid_base64: {
    status: 400,
    title: 'The image is not valid base64',
    fix: 'Encode the file with standard base64; white space and a data: prefix are allowed.',
  },
  invalid_json: {
    status: 400,
    title: 'The body is not the JSON object expected',
    fix: 'Send {"image_base64": "..."} or {"images_base64": ["...", ...]}.',
  },
  invalid_content_encoding: {
    status: 400,
    title: 'The body is not compressed as its Content-Encoding says',
    fix: 'Send the whole compressed body and nothing after it, or leave Content-Encoding out.',
  },
  missing_image: {
    status: 400,
    title: 'The request carries no image',
    fix: 'Send one or more file parts named "file" or "files", or a non-empty images_base64.',
  },
  not_found: { status: 404, title: 'No such route', fix: 'See /docs for the routes.' },
  method_not_allowed: {
    status: 405,
    title: 'The route does not take this method',
    fix: 'Use a method named in the Allow header.',
  },
  headers_timeout: {
    status: 408,
    title: 'The headers did not arrive in time',
    fix: 'Send the headers faster, or raise --headers-timeout-ms.',
  },
  body_timeout: {
    status: 408,
    title: 'The body did not arrive in time',
    fix: 'Send the body faster, or raise --body-timeout-ms.',
  },
  body_too_large: {
    status: 413,
    title: 'The body is larger than the limit',
    fix: 'Send a smaller body, or raise --max-body-bytes.',
  },
  image_too_large: {
    status: 413,
    title: 'The image has more pixels than the limit, or a longer side',
    fix: 'Scale the image down, or raise --max-image-pixels or --max-image-side.',
  },
  image_too_complex: {
    status: 413,
    title: 'The image takes too long to decode',
    fix: 'Scale the image down or save it anew in a plain way (JPEG with few scans), or raise --decode-timeout-ms.',
  },
  too_many_images: {
    status: 413,
    title: 'The request has more images than the limit',
    fix: 'Split the request, or raise --max-images-per-request.',
  },
  unsupported_media_type: {
    status: 415,
    title: 'The content type is not one that /predict takes',
    fix: 'Use application/json, multipart/form-data or image/*.',
  },
  unsupported_content_encoding: {
    status: 415,
    title: 'The content encoding is not one that /predict takes',
    fix: 'Compress the body once with gzip, deflate or br, or send it as it is.',
  },
  unsupported_image_format: {
    status: 415,
    title: 'The image format is not on the allow-list',
    fix: 'Send JPEG, PNG, WebP, GIF, AVIF or TIFF.',
  },
  expectation_failed: {
    status: 417,
    title: 'The expectation of the request cannot be met',
    fix: 'Leave the Expect header out, or send 100-continue in it.',
  },
  misdirected_request: {
    status: 421,
    title: 'The request names a host that this route does not answer for',
    fix: 'Ask for it as localhost, by a loopback address, or by the name given to --host.',
  },
  queue_full: {
    status: 429,
    title: 'The queue is full',
    fix: 'Try again after the Retry-After seconds, add workers or replicas, or raise --queue-limit.',
  },
  too_many_pipelined_requests: {
    status: 429,
    title: 'The connection has more requests without an answer than the limit',
    fix: 'Wait for answers before sending more, or raise --max-pipelined-requests.',
  },
  headers_too_large: {
    status: 431,
    title: 'The headers are larger than the limit',
    fix: 'Send fewer or shorter headers.',
  },
  client_closed_request: {
    status: 499,
    title: 'The client left before the answer',
    fix: 'Nothing: this is seen in logs and metrics only.',
  },
  inference_failed: {
    status: 500,
    title: 'The model failed on this image',
    fix: 'See the server log for the request id.',
  },
  internal_error: {
    status: 500,
    title: 'The server failed on this request',
    fix: 'See the server log for the request id, and report it.',
  },
  unsupported_transfer_encoding: {
    status: 501,
    title: 'The transfer encoding is not one that the server takes',
    fix: 'Send a Content-Length or Transfer-Encoding: chunked; compress by Content-Encoding.',
  },
  not_ready: { status: 503, title: 'The model cannot answer yet', fix: 'Wait for /readyz to answer 200.' },
  too_many_connections: {
    status: 503,
    title: 'The server has as many connections as it may have',
    fix: 'Try again after the Retry-After seconds, close idle connections, or raise --max-connections.',
  },
  draining: {
    status: 503,
    title: 'The server is shutting down',
    fix: 'Send the request to another replica.',
  },
  shed: {
    status: 503,
    title: 'The batching policy refused the image to protect the others',
    fix: 'Try again later, or raise --max-latency-ms.',
  },
  deadline_exceeded: {
    status: 504,
    title: 'The answer was not ready by the deadline',
    fix: 'Raise x-request-timeout-ms or --request-timeout-ms, or lower the load.',
  },
} as const satisfies Record<string, { status: number; title: string; fix: string }>;

export type ErrorCode = keyof typeof ERRORS;

export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(ERRORS, value);
}
