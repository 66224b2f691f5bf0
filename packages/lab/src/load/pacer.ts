/** Sends requests until it is done or stopped. */
export interface Pacer {
  /** Resolves when there is nothing more to send. */
  readonly finished: Promise<void>;
  /** Microseconds spent waiting in a busy loop. */
  readonly spunUs: number;
  /** Sends no more; `finished` resolves. */
  stop(): void;
}
