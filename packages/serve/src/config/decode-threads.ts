/** More than the server's own process can feed: small files take it longer than a thread takes to decode them. */
const MOST = 8;

/**
 * Threads of each worker that decode, where none are asked for: the cores that it has beside that of its model. With one
 * core a worker has none, and loses nothing to handing images over.
 *
 * @param workers processes; 0 for a model in the server's own
 */
export function decodeThreadsFor(cores: number, workers: number): number {
  const beside = Math.floor(cores / Math.max(1, workers)) - 1;
  return Math.min(MOST, Math.max(0, beside));
}
