import { usageError } from '@servelab/core';
import type { EncodedBody } from '../adapters/request-body.js';
import type { HttpTarget } from './http-connection.js';

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

/** Head and body of a POST in one piece, so that sending it is one write and no work. */
export function buildRequest(
  url: string,
  headers: Readonly<Record<string, string>>,
  { contentType, bytes }: EncodedBody,
): Buffer {
  const { path, authority } = parseTarget(url);
  const head = {
    host: authority,
    'content-type': contentType,
    'content-length': String(bytes.length),
    accept: 'application/json',
    'user-agent': 'servelab-load',
    connection: 'keep-alive',
    ...headers,
  };
  const lines = Object.entries(head).map(
    ([name, value]) => `${name}: ${value.replaceAll(/[\r\n]/g, ' ')}\r\n`,
  );
  return Buffer.concat([Buffer.from(`POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1'), bytes]);
}
