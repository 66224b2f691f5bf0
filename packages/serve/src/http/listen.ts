import { environmentError } from '@servelab/core';
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
    `${host} is no address of this machine`,
    'Use 127.0.0.1, 0.0.0.0 or an address of this machine with --host.',
  ],
};

/**
 * Binds the port.
 *
 * @returns the URL with the port that was really taken
 * @throws UserError (exit code 3) where the address cannot be had
 */
export async function listen(app: FastifyInstance, host: string, port: number): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    const describe = FIXES[(error as NodeJS.ErrnoException).code ?? ''];
    if (describe === undefined) throw error;
    throw environmentError(...describe(host, port), error);
  }
  const address = app.server.address();
  const taken = typeof address === 'object' && address !== null ? address.port : port;
  return `http://${host.includes(':') ? `[${host}]` : host}:${taken}`;
}
