import cors from '@fastify/cors';
import { usageError } from '@servelab/core';
import type { FastifyInstance } from 'fastify';

/** How long a browser may remember a preflight, seconds: the most that any takes. */
const PREFLIGHT_MAX_AGE_S = 7200;
const REQUEST_HEADERS = ['content-type', 'content-encoding', 'x-request-id', 'x-request-timeout-ms', '*'];
const ANSWER_HEADERS = ['x-request-id', 'server-timing', 'retry-after', 'x-servelab-synthetic-weights'];

/** What `access-control-allow-origin` says to a page of this origin; undefined where it may read nothing. */
export type OriginRule = (origin: string | undefined) => string | undefined;

/**
 * @param origins of `--cors-origin`
 * @throws UserError (exit code 2) for one that no browser would ever send
 */
export function originRule(origins: readonly string[] | null): OriginRule {
  if (origins === null) return () => undefined;
  if (origins.includes('*')) return () => '*';
  const allowed = new Set(origins.map(asOrigin));
  return (origin) => (origin !== undefined && allowed.has(origin) ? origin : undefined);
}

function asOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.origin === 'null' || `${url.pathname}${url.search}${url.hash}` !== '/') {
    throw usageError(
      `"${text}" in --cors-origin is not an origin`,
      'Write it as https://app.example or http://localhost:5173, without a path; * stands for any.',
    );
  }
  return url.origin;
}

/** For an answer that goes out without the plug-in. */
export function corsHeaders(allow: OriginRule, origin: string | undefined): Record<string, string> {
  const allowed = allow(origin);
  if (allowed === undefined) return {};
  return {
    'access-control-allow-origin': allowed,
    'access-control-expose-headers': ANSWER_HEADERS.join(', '),
    vary: 'Origin',
  };
}

/** Lets pages of these origins read every answer, errors included, and answers the preflights of browsers. */
export async function registerCors(app: FastifyInstance, allow: OriginRule): Promise<void> {
  await app.register(cors, {
    origin: (origin, done) => done(null, allow(origin) ?? false),
    methods: ['GET', 'HEAD', 'POST'],
    allowedHeaders: REQUEST_HEADERS,
    exposedHeaders: ANSWER_HEADERS,
    maxAge: PREFLIGHT_MAX_AGE_S,
    // An OPTIONS that is no preflight gets the same answer, not the plug-in's own error.
    strictPreflight: false,
  });
}
