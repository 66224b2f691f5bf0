import { hideCredentials, splitCredentials, usageError } from '@servelab/core';
import { fillPlaceholders } from '../adapters/placeholders.js';
import type { EncodedBody, ImageFile } from '../adapters/request-body.js';
import type { HttpTarget } from './http-connection.js';

export type HttpMethod = 'POST' | 'PUT' | 'PATCH' | 'GET';

/** What all requests of a load have in common; `{{image_name}}` and `{{index}}` may stand in the URL. */
export interface RequestHead {
  readonly url: string;
  readonly method: HttpMethod;
  /** By name, in any case; they take the place of those that are sent anyway. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Where a URL leads, and what of it stands in each request. */
export interface TargetAddress extends Omit<HttpTarget, 'insecure'> {
  readonly path: string;
  readonly authority: string;
  /** Of its credentials; null where it has none. */
  readonly authorization: string | null;
}

/** @throws UserError (exit code 2) for anything but an http or https URL; it does not say credentials */
export function parseTarget(text: string): TargetAddress {
  const { url, authorization } = splitCredentials(text);
  const parsed = URL.canParse(url) ? new URL(url) : null;
  // No credentials are left, unless they stand in some other way than all the world writes them.
  if (parsed === null || !/^https?:$/.test(parsed.protocol) || parsed.username + parsed.password !== '') {
    throw usageError(
      `"${hideCredentials(text)}" is not an http or https URL`,
      'Write it like http://127.0.0.1:8080/predict.',
    );
  }
  const tls = parsed.protocol === 'https:';
  return {
    // URL keeps the brackets of an IPv6 address, net.connect does not want them.
    host: parsed.hostname.replace(/^\[|\]$/g, ''),
    port: parsed.port === '' ? (tls ? 443 : 80) : Number(parsed.port),
    tls,
    path: `${parsed.pathname}${parsed.search}`,
    authority: parsed.host,
    authorization,
  };
}

/**
 * Head and body of the request for one image in one piece, so that sending it is one write and no work. A GET
 * has no body.
 *
 * @throws UserError (exit code 2) for a URL that is none, or has an unknown placeholder
 */
export function buildRequest(
  { url, method, headers }: RequestHead,
  image: ImageFile,
  body: EncodedBody,
): Buffer {
  const { path, authority, authorization } = parseTarget(urlOf(url, image));
  const content =
    method === 'GET' ? {} : { 'content-type': body.contentType, 'content-length': String(body.bytes.length) };
  const head: Record<string, string> = {
    host: authority,
    ...content,
    accept: 'application/json',
    'user-agent': 'servelab-load',
    connection: 'keep-alive',
    ...(authorization !== null && { authorization }),
  };
  for (const [name, value] of Object.entries(headers)) head[name.toLowerCase()] = value;
  const lines = Object.entries(head).map(
    ([name, value]) => `${name}: ${value.replaceAll(/[\r\n]/g, ' ')}\r\n`,
  );
  const start = Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1');
  return method === 'GET' ? start : Buffer.concat([start, body.bytes]);
}

const urlOf = (url: string, { name, index = 0 }: ImageFile): string =>
  fillPlaceholders(url, { image_name: () => encodeURIComponent(name), index: () => String(index) });
