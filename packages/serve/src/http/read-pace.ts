import type { IncomingMessage } from 'node:http';

/** So many chunks within a second or so come from a client that sends tiny ones, or they are 32 MiB. */
const CHUNKS_AT_ONCE = 512;

/**
 * Lets a connection be read no more until the next turn of the event loop, once it has brought many chunks. libuv
 * reads up to 32 times in a row, 2 MiB: one chunk or two for each read in the usual case, and 10,923 chunks of one
 * byte at worst, which is seconds in which nobody else is served.
 *
 * @returns what to call for each chunk
 */
export function readPace(request: IncomingMessage): () => void {
  let chunks = 0;
  let paused = false;

  const goOn = () => {
    chunks = 0;
    paused = false;
    Reflect.deleteProperty(request, '_read');
    request.socket.resume();
  };

  return () => {
    chunks++;
    if (chunks < CHUNKS_AT_ONCE || paused) return;
    paused = true;
    // A request that flows asks for more after each chunk, which would start the reading again.
    request._read = () => {};
    request.socket.pause();
    setImmediate(goOn);
  };
}
