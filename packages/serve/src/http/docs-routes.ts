import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { ServeOptions } from '../config/serve-options.js';
import type { Page } from './swagger-pages.js';

const MADE = [
  '/docs',
  '/docs/',
  '/docs/json',
  '/docs/yaml',
  '/docs/static/',
  '/docs/static/swagger-initializer.js',
];

/**
 * `/openapi.json`, and `/docs`, whose scripts and styles all come from this server. All pages are read when the first
 * one is asked for, and sent from memory: a file that is opened for a client is one that a client can keep open.
 */
export async function registerDocs(app: FastifyInstance, options: ServeOptions): Promise<void> {
  // Loaded for the first reader, like the pages: a library for schemas and their conversion would be part of every start.
  const document = madeOnce(async () => (await import('./openapi.js')).openApiDocument(options));
  app.get('/openapi.json', async (_request, reply) => reply.send(await document()));
  const folder = join(dirname(createRequire(import.meta.url).resolve('@fastify/swagger-ui')), 'static');
  const files = (await readdir(folder)).map((name) => `/docs/static/${name}`);
  const paths = [...MADE, ...files];
  const pages = madeOnce(async () => {
    // A tenth of a start for pages that most servers are never asked for.
    const { swaggerPages } = await import('./swagger-pages.js');
    return await swaggerPages(await document(), paths);
  });
  for (const path of paths) {
    app.get(path, async (_request, reply) => {
      const { status, headers, body } = (await pages()).get(path) as Page;
      return reply.code(status).headers(headers).send(body);
    });
  }
}

/** Makes it for the first who asks, and again only where that failed. */
function madeOnce<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}
