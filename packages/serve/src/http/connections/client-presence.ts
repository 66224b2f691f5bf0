import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** By twos: the answer of an absent client to the first is seen by the second. A later two for distant ones. */
const LOOKS_AFTER_MS = [100, 120, 1000, 2000];

/**
 * Finds out whether a client that has ended its sending side still waits for its answer. TCP says the same of
 * one that only has nothing more to send and of one that is gone: only to data does the latter answer, with a
 * reset, and it is the next write that fails for it. So data is what it gets: `100 Continue`, which every
 * client of HTTP/1.1 must be able to skip (RFC 9110, 15.2), also when it did not ask for it. An answer that
 * comes at once goes out without that; clients of HTTP/1.0 are taken at their word.
 *
 * @param firstAnswer that the connection waits for at that time
 */
export function lookForClient(socket: Socket, firstAnswer: () => ServerResponse | undefined): void {
  const look = () => {
    const answer = firstAnswer();
    if (answer === undefined || answer.headersSent || answer.req.httpVersion !== '1.1') return;
    answer.writeContinue();
  };
  const timers = LOOKS_AFTER_MS.map((ms) => setTimeout(look, ms));
  socket.once('close', () => timers.forEach(clearTimeout));
}
