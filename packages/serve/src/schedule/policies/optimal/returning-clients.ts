/** A closed loop: so many clients, each of whom asks again soon after it was answered. */
export interface ClosedLoop {
  readonly clients: number;
  /** Times from an answer to the next request of the same client, microseconds. */
  readonly thinkUs: readonly number[];
}

const KEPT = 128;
/** The last arrivals that decide: few, so that a loop is seen soon after it began. */
const RECENT = 16;
/** So many of them must follow an answer; by chance, under the highest load, it is one in three. */
const SHARE = 0.9;

/**
 * Tells a closed loop from arrivals that come by themselves: there each arrival follows an answer. It matters, since
 * in a closed loop nobody comes while all are being served, and all come back when they have been.
 */
export class ReturningClients {
  readonly #horizonUs: number;
  /** Answers that nobody has come back from yet, oldest first. */
  #answers: { readonly atUs: number; left: number }[] = [];
  /** Of the last arrivals: the time since the answer that each followed, or null; and how many were in the system. */
  readonly #arrivals: { readonly thinkUs: number | null; readonly inSystem: number }[] = [];
  #inSystem = 0;

  /** @param horizonUs how soon an arrival must follow an answer to count as a return */
  constructor(horizonUs: number) {
    this.#horizonUs = horizonUs;
  }

  arrived(atUs: number): void {
    this.#inSystem++;
    this.#answers = this.#answers.filter(
      (answer) => answer.left > 0 && atUs - answer.atUs <= this.#horizonUs,
    );
    const [answer] = this.#answers;
    if (answer !== undefined) answer.left--;
    const thinkUs = answer === undefined ? null : atUs - answer.atUs;
    this.#arrivals.push({ thinkUs, inSystem: this.#inSystem });
    if (this.#arrivals.length > KEPT) this.#arrivals.shift();
  }

  answered(count: number, atUs: number): void {
    this.#inSystem -= count;
    this.#answers.push({ atUs, left: count });
    if (this.#answers.length > KEPT) this.#answers.shift();
  }

  /** An image that left without an answer. */
  left(): void {
    this.#inSystem--;
  }

  /** The loop that the last arrivals show; undefined where they come by themselves, or are too few. */
  loop(): ClosedLoop | undefined {
    const thinkUs = this.#arrivals.slice(-RECENT).flatMap(({ thinkUs }) => thinkUs ?? []);
    if (thinkUs.length < SHARE * RECENT) return undefined;
    return { clients: Math.max(...this.#arrivals.map(({ inSystem }) => inSystem)), thinkUs };
  }
}
