/** Why a command is aborted; thrown where there is nothing to keep, and nothing to wait for. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/**
 * Waits for the work of a start-up, which may take long and knows of no signal. Where one comes the program ends, and the
 * work with it: whatever it makes appears whole or not at all.
 *
 * @throws the signal's reason, `Interrupted`
 */
export async function untilInterrupted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  let stop: () => void = () => {};
  const interruption = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([interruption, signal.aborted ? interruption : work()]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
