/**
 * Starts the work and waits for it, or for the signal. The work itself is not stopped: it must leave nothing behind that is
 * incomplete.
 *
 * @throws the signal's reason where it is aborted first; the work is not started where it is aborted already
 */
export async function abortable<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const result = work();
  await settledOrAborted(result, signal);
  signal.throwIfAborted();
  return await result;
}

/**
 * Resolves when the work is done or the signal is aborted, whichever comes first; leaves no listener behind.
 *
 * @throws as the work
 */
export async function settledOrAborted(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  let stop = () => {};
  const aborted = new Promise<void>((resolve) => {
    stop = resolve;
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
