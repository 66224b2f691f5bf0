import type { NowUs } from '@servelab/core';
import type { Outcome, RequestRecord } from '../record/request-record.js';
import { LiveHistogram } from './live-histogram.js';
import type { RequestLog } from './request-log.js';
import type { Answer, AnswerListener, Sender } from './sender.js';

/** What a flight needs to know of the images: their requests, their order, and how to judge an answer. */
export interface FlightPlan {
  readonly requests: readonly Buffer[];
  /** Positions in `requests`; measured requests take them in turn from the front, those of the warm-up from the back. */
  readonly order: readonly number[];
  readonly timeoutUs: number;
  /** Whether the answer to the next request of a phase is to be compared; asked once a request, in order. */
  wantsCheck(image: number, phase: RequestRecord['phase']): boolean;
  /** What is wrong with the answer, '' where there is no more to say; null for a right one. */
  fault(image: number, body: Buffer): string | null;
}

/**
 * Every request between its scheduled moment and its outcome: keeps the log, decides the outcome, and ends
 * what takes longer than the time-out. Each request settles exactly once.
 */
export class Flight implements AnswerListener {
  inFlight = 0;
  settled = 0;
  errors = 0;
  /** Rises whenever the event loop did something for a request: how the pacer tells work from spinning. */
  events = 0;
  readonly latencyUs = new LiveHistogram();
  /** Called after each outcome; `gotAnswer` is false when there was no complete answer. */
  onSettled: (gotAnswer: boolean) => void = () => {};
  /** Requests of each phase so far: what is measured does not depend on how many came before it. */
  private readonly fired = { warmup: 0, measured: 0 };
  /** All requests before this one are settled. */
  private oldest = 0;

  constructor(
    private readonly log: RequestLog,
    private readonly plan: FlightPlan,
    private readonly clock: NowUs,
  ) {}

  fire(sender: Sender, scheduledUs: number, phase: RequestRecord['phase']): void {
    const image = this.nextImage(phase);
    const index = this.log.schedule(scheduledUs, phase, image);
    const check = this.plan.wantsCheck(image, phase);
    if (check) this.log.checked(index);
    this.inFlight++;
    this.events++;
    this.log.mark(index, 'fired', this.clock());
    sender.send(index, this.plan.requests[image] as Buffer, check);
  }

  connecting(index: number, sinceUs: number): void {
    this.log.connecting(index, sinceUs);
  }

  acquired(index: number, atUs: number): void {
    this.log.mark(index, 'acquired', atUs);
  }

  sent(index: number, atUs: number): void {
    this.log.mark(index, 'sent', atUs);
  }

  firstByte(index: number, atUs: number): void {
    this.log.mark(index, 'firstByte', atUs);
  }

  answered(index: number, atUs: number, answer: Answer): void {
    this.log.answered(index, atUs, answer.status, answer.bytes);
    this.latencyUs.add(atUs - this.log.scheduledUs(index));
    const { status, body } = answer;
    if (status === 429 || status === 503) this.settle(index, 'rejected', '', true);
    else if (status < 200 || status > 299) this.settle(index, 'failed', `HTTP ${status}`, true);
    else {
      const fault = body === null ? null : this.plan.fault(this.log.imageOf(index), body);
      this.settle(index, fault === null ? 'ok' : 'wrong', fault ?? '', true);
    }
  }

  failed(index: number, atUs: number, reason: string): void {
    this.log.mark(index, 'done', atUs);
    this.settle(index, 'failed', reason, false);
  }

  /** Ends what is older than the time-out. All have the same one, so only the oldest need a look. */
  sweep(sender: Sender): void {
    const nowUs = this.clock();
    while (this.oldest < this.log.length) {
      if (!this.log.isSettled(this.oldest)) {
        if (this.log.scheduledUs(this.oldest) + this.plan.timeoutUs > nowUs) return;
        sender.cancel(this.oldest);
        this.settle(this.oldest, 'timed_out', '', false);
      }
      this.oldest++;
    }
  }

  /** Whatever has no outcome yet is `incomplete`: the run is over. */
  giveUp(sender: Sender): void {
    for (let index = this.oldest; index < this.log.length; index++) {
      if (this.log.isSettled(index)) continue;
      sender.cancel(index);
      this.settle(index, 'incomplete', '', false);
    }
  }

  private nextImage(phase: RequestRecord['phase']): number {
    const { order } = this.plan;
    const position = this.fired[phase]++ % order.length;
    return order.at(phase === 'warmup' ? -1 - position : position) ?? 0;
  }

  private settle(index: number, outcome: Outcome, message: string, gotAnswer: boolean): void {
    this.log.settle(index, outcome, message);
    this.inFlight--;
    this.settled++;
    this.events++;
    if (outcome !== 'ok') this.errors++;
    this.onSettled(gotAnswer);
  }
}
