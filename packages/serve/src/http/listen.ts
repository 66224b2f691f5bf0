import { lookup } from 'node:dns/promises';
import { createServer, type Server } from 'node:net';
import { environmentError } from '@servelab/core';
import { errorCode } from '@servelab/node';
import type { FastifyInstance } from 'fastify';

/** What to do about each way in which an address may be refused. */
const FIXES: Readonly<Record<string, (host: string, port: number) => [message: string, fix: string]>> = {
  EADDRINUSE: (host, port) => [
    `port ${port} on ${host} is in use`,
    'End the process that holds it, or choose another with --port (0 takes a free one).',
  ],
  EACCES: (_host, port) => [
    `port ${port} may not be opened by this user`,
    'Choose a port above 1023 with --port.',
  ],
  ENOTFOUND: (host) => [`host ${host} cannot be resolved`, 'Give an address of this machine with --host.'],
  EAI_AGAIN: (host) => [`host ${host} cannot be resolved`, 'Give an address of this machine with --host.'],
  EADDRNOTAVAIL: (host) => [
    `${host} is not an address of this machine`,
    'Use 127.0.0.1, 0.0.0.0 or an address of this machine with --host.',
  ],
};

/**
 * Binds the port. `localhost` is bound on every address that it has, so that a client may take any.
 *
 * @param onError told when a connection cannot be accepted, as where descriptors run out; the server goes on
 * @param addressesOf every address of a name
 * @returns the URL with the port that was really taken
 * @throws UserError (exit code 3) where the address cannot be had
 */
export async function listen(
  app: FastifyInstance,
  host: string,
  port: number,
  onError: (error: Error) => void = () => {},
  addressesOf: (name: string) => Promise<readonly string[]> = lookUp,
): Promise<string> {
  const doors: Server[] = [];
  let closed: Promise<unknown> = Promise.resolve();
  app.addHook('preClose', (done) => {
    closed = Promise.all(doors.map((door) => new Promise((resolve) => door.close(resolve))));
    done();
  });
  app.addHook('onClose', async () => void (await closed));
  try {
    const [address = host, ...others] = host === 'localhost' ? await addressesOf(host) : [host];
    await app.listen({ host: address, port });
    const taken = portOf(app.server, port);
    for (const other of others) {
      const door = await openDoor(app, other, taken);
      if (door !== undefined) doors.push(door);
    }
    for (const server of [app.server, ...doors]) server.on('error', onError);
    return `http://${host.includes(':') ? `[${host}]` : host}:${taken}`;
  } catch (error) {
    const describe = FIXES[errorCode(error) ?? ''];
    if (describe === undefined) throw error;
    throw environmentError(...describe(host, port), error);
  }
}

const lookUp = async (name: string): Promise<string[]> =>
  (await lookup(name, { all: true })).map(({ address }) => address);

function portOf(server: Server, asked: number): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : asked;
}

/**
 * One more address of the same server. Fastify would make a second server for it, which had none of what is set
 * on the first: limits, error answers, the knowledge of who waits.
 *
 * @returns undefined where the address cannot be had: the first one serves
 */
async function openDoor(app: FastifyInstance, host: string, port: number): Promise<Server | undefined> {
  const door = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    app.server.emit('connection', socket);
  });
  return await new Promise((resolve) => {
    door.once('error', () => resolve(undefined)).listen(port, host, () => resolve(door));
  });
}
