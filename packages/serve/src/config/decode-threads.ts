/** More than the server's own process can feed: small files take it longer than a thread takes to decode them. */
const MOST = 8;

/**
 * Threads of each worker that decode, where none are asked for: one for each core that the worker has. With a single core
 * a worker has none, and loses nothing to handing images over.
 *
 * @param workers processes; 0 for a model in the server's own
 */
export function decodeThreadsFor(cores: number, workers: number): number {
  const coresEach = Math.floor(cores / Math.max(1, workers));
  return coresEach <= 1 ? 0 : Math.min(MOST, coresEach);
}
