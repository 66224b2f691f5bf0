import { checkDecision } from './check-decision.js';
import type { ImageQueue } from './image-queue.js';
import { greedy } from './policies/greedy.js';
import type { Policy, PolicyDecision, PolicyView } from './policy.js';
import type { SchedulerEvent } from './scheduler-event.js';

/** A policy whose decisions are checked, and `greedy` in its place from its first failure on. */
export class GuardedPolicy {
  readonly #maxBatchSize: number;
  readonly #failed: ((failure: Error) => void) | undefined;
  #policy: Policy;

  /** @param failed called when the policy fails; without it the failure is thrown */
  constructor(policy: Policy, maxBatchSize: number, failed: ((failure: Error) => void) | undefined) {
    this.#policy = policy;
    this.#maxBatchSize = maxBatchSize;
    this.#failed = failed;
  }

  /** The policy that decides now: the one given, or `greedy` after it failed. */
  get current(): Policy {
    return this.#policy;
  }

  observe(event: SchedulerEvent): void {
    try {
      this.#policy.observe(event);
    } catch (error) {
      this.#replace(error);
    }
  }

  /**
   * @param queue the one that the view shows
   * @returns a decision that can be carried out
   */
  decide(view: PolicyView, queue: ImageQueue, nowUs: number): PolicyDecision {
    try {
      return this.#checkedDecision(view, queue, nowUs);
    } catch (error) {
      // Nothing of the decision was carried out, so another policy can go on from the same state.
      this.#replace(error);
      return this.#checkedDecision(view, queue, nowUs);
    }
  }

  /** The input that the policy wants its background task to run with now, if any. */
  nextTaskInput(nowUs: number): unknown {
    try {
      return this.#policy.backgroundTask?.next(nowUs);
    } catch (error) {
      this.#replace(error);
      return undefined;
    }
  }

  /** @throws what the policy throws; PolicyError for an invalid decision */
  #checkedDecision(view: PolicyView, queue: ImageQueue, nowUs: number): PolicyDecision {
    const decision = this.#policy.decide(view, nowUs);
    checkDecision(decision, view, nowUs, queue, {
      policy: this.#policy.name,
      maxBatchSize: this.#maxBatchSize,
    });
    return decision;
  }

  /** @throws the failure, where no callback was given */
  #replace(failure: unknown): void {
    if (this.#failed === undefined) throw failure;
    this.#policy = greedy(this.#maxBatchSize);
    this.#failed(failure instanceof Error ? failure : new Error(String(failure)));
  }
}
