import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import swagger, { type StaticDocumentSpec } from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import Fastify, { type FastifyInstance } from 'fastify';
import type { ServeOptions } from '../config/serve-options.js';
import { openApiDocument } from './openapi.js';

/**
 * Swagger UI needs nothing but what this server sends. Its styles stand partly in attributes, and its icons in
 * `data:` URLs.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

interface Page {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/**
 * `/openapi.json`, and `/docs`, whose scripts and styles all come from this server. Every page is read at the
 * start and sent from memory: a file that is opened for a client is one that a client can keep open.
 */
export async function registerDocs(app: FastifyInstance, options: ServeOptions): Promise<void> {
  const document = openApiDocument(options);
  app.get('/openapi.json', (_request, reply) => reply.send(document));
  for (const [path, { status, headers, body }] of await swaggerPages(document)) {
    app.get(path, (_request, reply) => reply.code(status).headers(headers).send(body));
  }
}

/** What the plug-in answers, page by page. */
async function swaggerPages(document: object): Promise<[path: string, page: Page][]> {
  const app = Fastify({ logger: false });
  // The plug-in's types know OpenAPI 3.0 only; what it does with the document is the same.
  const specification = { document: document as unknown as StaticDocumentSpec['document'] };
  await app.register(swagger, { mode: 'static', specification });
  // Without this Swagger UI asks a public validator about documents from addresses that are not local.
  await app.register(swaggerUi, { routePrefix: '/docs', uiConfig: { validatorUrl: null } });
  const folder = join(dirname(createRequire(import.meta.url).resolve('@fastify/swagger-ui')), 'static');
  const files = (await readdir(folder)).map((name) => `/docs/static/${name}`);
  const made = [
    '/docs',
    '/docs/',
    '/docs/json',
    '/docs/yaml',
    '/docs/static/',
    '/docs/static/swagger-initializer.js',
  ];
  const pages: [string, Page][] = [];
  for (const path of [...made, ...files]) {
    const { statusCode, headers, rawPayload } = await app.inject(path);
    pages.push([path, { status: statusCode, headers: kept(headers), body: rawPayload }]);
  }
  await app.close();
  return pages;
}

const kept = ({ 'content-type': type, location }: Readonly<Record<string, unknown>>) => ({
  'content-security-policy': CONTENT_SECURITY_POLICY,
  ...(type === undefined ? {} : { 'content-type': String(type) }),
  ...(location === undefined ? {} : { location: String(location) }),
});
