import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { runningForm } from './running-form.js';

/** Status and type of the answer to a route that is known; everything else is 404. */
type Routes = Readonly<Record<string, readonly [status: number, type: string]>>;

const JSON_TYPE = 'application/json';
const PROBLEM = 'application/problem+json';

let server: Server | undefined;
afterEach(() => {
  server?.close();
});

async function answering(routes: Routes): Promise<string> {
  const route = ({ method, url }: IncomingMessage) => routes[`${method} ${url}`] ?? [404, 'text/plain'];
  server = createServer((request, response) => {
    const [status, type] = route(request);
    request.resume().on('end', () => response.writeHead(status, { 'content-type': type }).end());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const TUNED: Routes = { 'GET /health': [200, JSON_TYPE], 'POST /predict': [400, PROBLEM] };

describe('runningForm', () => {
  it.each<[peer: string, routes: Routes, name: string, field: string]>([
    [
      'bentoml',
      { 'GET /readyz': [200, 'text/plain'], 'POST /predict': [400, JSON_TYPE] },
      'bentoml/seeds',
      'files',
    ],
    [
      'fastapi',
      { 'GET /health': [200, JSON_TYPE], 'POST /predict': [422, JSON_TYPE] },
      'fastapi/seeds',
      'file',
    ],
    [
      'rayserve',
      { 'GET /health': [200, JSON_TYPE], 'POST /predict': [422, JSON_TYPE] },
      'rayserve/seeds',
      'files',
    ],
    [
      'litserve',
      { 'GET /health': [200, 'text/plain'], 'POST /predict': [500, JSON_TYPE] },
      'litserve/seeds',
      'file',
    ],
    ['bentoml', TUNED, 'bentoml/tuned', 'files'],
    ['fastapi', TUNED, 'fastapi/tuned', 'file'],
  ])('knows what speaks like %s', async (peer, routes, name, field) => {
    const address = await answering(routes);
    expect(await runningForm(peer, address)).toEqual({
      name,
      url: `${address}/predict`,
      adapter: { body: 'multipart', field },
    });
  });

  it('names no form of a server that is neither', async () => {
    const found = await runningForm('fastapi', await answering({ 'POST /predict': [422, JSON_TYPE] }));
    expect(found?.name).toBe('fastapi');
  });

  it('speaks to our own server as the contract says', async () => {
    expect((await runningForm('servelab', await answering(TUNED)))?.name).toBe('servelab');
  });

  it('is null where nobody listens', async () => {
    const address = await answering({});
    server?.close();
    expect(await runningForm('fastapi', address)).toBeNull();
  });
});
