/** A closed loop: so many clients, each of which sends its next request soon after a result. */
export interface ClosedLoop {
  readonly clients: number;
  /** Times from a result to the next request of the same client, microseconds. */
  readonly thinkUs: readonly number[];
}

const KEPT = 128;
/** The last arrivals that decide: few, so that a loop is seen soon after it began. */
const RECENT = 16;
/** Share of them that must follow a result; by chance, under the highest load, one in three does. */
const SHARE = 0.9;

/**
 * Distinguishes a closed loop, in which each arrival follows a result, from independent arrivals. It matters, since in a
 * closed loop no image arrives while all clients are being served, and one of each arrives afterwards.
 */
export class ReturningClients {
  readonly #horizonUs: number;
  /** Results that no arrival has followed yet, oldest first. */
  #answers: { readonly atUs: number; left: number }[] = [];
  /** Of the last arrivals: the time since the result that each followed, or null; and how many were in the system. */
  readonly #arrivals: { readonly thinkUs: number | null; readonly inSystem: number }[] = [];
  #inSystem = 0;

  /** @param horizonUs how soon an arrival must follow a result to count as a return */
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

  /** An image left without a result. */
  left(): void {
    this.#inSystem--;
  }

  /** The loop that the last arrivals show; undefined where they are independent, or too few. */
  loop(): ClosedLoop | undefined {
    const thinkUs = this.#arrivals.slice(-RECENT).flatMap(({ thinkUs }) => thinkUs ?? []);
    if (thinkUs.length < SHARE * RECENT) return undefined;
    return { clients: Math.max(...this.#arrivals.map(({ inSystem }) => inSystem)), thinkUs };
  }
}
