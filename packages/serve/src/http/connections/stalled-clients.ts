import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** How often is looked for answers that are not taken. */
const LOOK_EVERY_MS = 1000;

/**
 * Disconnects clients that take nothing of their answers: whoever is not read from holds memory and a
 * descriptor for as long as it likes. Nothing is done for each request; it is Node's own time-out of the
 * socket, which knows whether a write moves on, that is set where an answer lies waiting.
 *
 * @param isBusy false for a connection on which no answer is awaited: Node's time-out for those that are kept
 *   alive comes here as well
 * @returns what stops it
 */
export function watchStalledClients(
  server: Server,
  sockets: () => Iterable<Socket>,
  isBusy: (socket: Socket) => boolean,
  writeTimeoutMs: number,
): () => void {
  server.on('timeout', (socket) => {
    if (socket.writableLength > 0 || !isBusy(socket)) socket.destroy();
  });
  const watch = setInterval(
    () => {
      for (const socket of sockets()) {
        const isSet = socket.timeout === writeTimeoutMs;
        if (socket.writableLength > 0 && !isSet) socket.setTimeout(writeTimeoutMs);
      }
    },
    Math.min(LOOK_EVERY_MS, writeTimeoutMs),
  );
  watch.unref();
  return () => clearInterval(watch);
}
