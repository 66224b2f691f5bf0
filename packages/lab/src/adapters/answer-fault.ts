/** What is wrong with an answer. */
export interface AnswerFault {
  /** The same for answers that are wrong in the same way: they are counted together. */
  readonly reason: string;
  /** What this one had instead; absent where the reason says it. */
  readonly example?: string;
}
