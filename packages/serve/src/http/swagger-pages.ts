import swagger, { type StaticDocumentSpec } from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import Fastify from 'fastify';

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

/** A page as it is sent. */
export interface Page {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What the plug-in answers, page by page. */
export async function swaggerPages(
  document: object,
  paths: readonly string[],
): Promise<ReadonlyMap<string, Page>> {
  const app = Fastify({ logger: false });
  // The plug-in's types know OpenAPI 3.0 only; what it does with the document is the same.
  const specification = { document: document as unknown as StaticDocumentSpec['document'] };
  await app.register(swagger, { mode: 'static', specification });
  // Without this Swagger UI asks a public validator about documents from addresses that are not local.
  await app.register(swaggerUi, { routePrefix: '/docs', uiConfig: { validatorUrl: null } });
  const pages = new Map<string, Page>();
  for (const path of paths) {
    const { statusCode, headers, rawPayload } = await app.inject(path);
    pages.set(path, { status: statusCode, headers: kept(headers), body: rawPayload });
  }
  await app.close();
  return pages;
}

const kept = ({ 'content-type': type, location }: Readonly<Record<string, unknown>>) => ({
  'content-security-policy': CONTENT_SECURITY_POLICY,
  ...(type === undefined ? {} : { 'content-type': String(type) }),
  ...(location === undefined ? {} : { location: String(location) }),
});
