import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Knows which connections wait for an answer. Node's own `closeIdleConnections` spares those that have been
 * opened and not used yet (clients open them ahead), and one of them would hold a shutdown up for ever.
 */
export class OpenConnections {
  readonly #open = new Set<Socket>();
  readonly #busy = new Set<Socket>();
  #ending = false;

  constructor(server: Server) {
    server.on('connection', (socket: Socket) => {
      // Accepted in the last moment before the port was closed.
      if (this.#ending) socket.destroy();
      this.#open.add(socket);
      socket.once('close', () => {
        this.#open.delete(socket);
        this.#busy.delete(socket);
      });
    });
  }

  requestBegun(socket: Socket): void {
    this.#busy.add(socket);
  }

  requestEnded(socket: Socket): void {
    this.#busy.delete(socket);
  }

  /** Ends every connection that waits for nothing; the others end with their answer. */
  endIdle(): void {
    this.#ending = true;
    for (const socket of this.#open) if (!this.#busy.has(socket)) socket.destroy();
  }
}
