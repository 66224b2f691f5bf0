import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { OpenConnections } from './open-connections.js';

let server: Server;
let connections: OpenConnections;
const clients: Socket[] = [];

/** Of its one place. */
beforeEach(async () => {
  server = createServer();
  connections = new OpenConnections(server, {
    maxConnections: 1,
    maxPipelinedRequests: 4,
    writeTimeoutMs: 60_000,
  });
  // Node lets go of the socket.
  server.on('connect', () => {});
  await once(server.listen(0, '127.0.0.1'), 'listening');
});

afterEach(() => {
  vi.useRealTimers();
  connections.close();
  for (const client of clients.splice(0)) client.destroy();
  server.close();
});

/** The server's side of a client that never ends its own. */
async function accepted(): Promise<{ socket: Socket; client: Socket }> {
  const { port } = server.address() as AddressInfo;
  const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  clients.push(client);
  const [socket] = (await once(server, 'connection')) as [Socket];
  return { socket, client };
}

/** Its last answer is out. */
async function ended(): Promise<Socket> {
  const { socket, client } = await accepted();
  connections.of(socket)?.close();
  client.resume();
  await Promise.all([once(client, 'end'), socket.writableFinished || once(socket, 'finish')]);
  return socket;
}

it('while the server ends, a client has a second to read its last answer', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const socket = await ended();
  vi.advanceTimersByTime(3000);
  connections.endIdle();
  vi.advanceTimersByTime(999);
  expect(socket.destroyed).toBe(false);
  vi.advanceTimersByTime(1);
  expect(socket.destroyed).toBe(true);
});

it('one above the limit has a second too: others need its place', async () => {
  await accepted();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const socket = await ended();
  vi.advanceTimersByTime(999);
  expect(socket.destroyed).toBe(false);
  vi.advanceTimersByTime(1);
  expect(socket.destroyed).toBe(true);
});

it('all are closed at the end, that of CONNECT too, which Node forgets', async () => {
  const { socket, client } = await accepted();
  client.write('CONNECT a:443 HTTP/1.1\r\nhost: a:443\r\n\r\n');
  await once(server, 'connect');
  server.closeAllConnections();
  expect(socket.destroyed).toBe(true);
});
