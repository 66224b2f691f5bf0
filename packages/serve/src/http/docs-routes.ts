import swagger, { type StaticDocumentSpec } from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import type { ServeOptions } from '../config/serve-options.js';
import { openApiDocument } from './openapi.js';

/** `/openapi.json`, and `/docs`, whose scripts and styles all come from this server. */
export async function registerDocs(app: FastifyInstance, options: ServeOptions): Promise<void> {
  const document = openApiDocument(options);
  app.get('/openapi.json', (_request, reply) => reply.send(document));
  // The plug-in's types know OpenAPI 3.0 only; what it does with the document is the same.
  const specification = { document: document as unknown as StaticDocumentSpec['document'] };
  await app.register(swagger, { mode: 'static', specification });
  // Without this Swagger UI asks a public validator about documents from addresses that are not local.
  await app.register(swaggerUi, { routePrefix: '/docs', uiConfig: { validatorUrl: null } });
}
