import { usageError } from '@servelab/core';
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

/** @throws UserError (exit code 2) for anything but an http or https URL */
export function parseTarget(url: string): HttpTarget & { path: string; authority: string } {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) {
    throw usageError(`"${url}" is no http or https URL`, 'Write it like http://127.0.0.1:8080/predict.');
  }
  const tls = parsed.protocol === 'https:';
  return {
    // URL keeps the brackets of an IPv6 address, net.connect does not want them.
    host: parsed.hostname.replace(/^\[|\]$/g, ''),
    port: parsed.port === '' ? (tls ? 443 : 80) : Number(parsed.port),
    tls,
    path: `${parsed.pathname}${parsed.search}`,
    authority: parsed.host,
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
  const { path, authority } = parseTarget(urlOf(url, image));
  const content =
    method === 'GET' ? {} : { 'content-type': body.contentType, 'content-length': String(body.bytes.length) };
  const head: Record<string, string> = {
    host: authority,
    ...content,
    accept: 'application/json',
    'user-agent': 'servelab-load',
    connection: 'keep-alive',
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
