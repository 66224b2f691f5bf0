/** Sends requests until it is done or stopped. */
export interface Pacer {
  /** Resolves when there is nothing more to send. */
  readonly finished: Promise<void>;
  /** How many requests it was given to send; null where the answers decide. */
  readonly planned: number | null;
  /** Microseconds spent waiting in a busy loop. */
  readonly spunUs: number;
  /** Sends no more; `finished` resolves. */
  stop(): void;
}
