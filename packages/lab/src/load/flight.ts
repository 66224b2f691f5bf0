import { excerpt, hideCredentials, type NowUs } from '@servelab/core';
import type { AnswerFault } from '../adapters/answer-fault.js';
import { beginningOf } from '../adapters/read-json.js';
import type { Outcome, RequestRecord } from '../record/request-record.js';
import type { AnswerHead } from './answer-head.js';
import { KEPT_LIMIT_BYTES } from './answer-parser.js';
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
  /** What is wrong with the answer; null for a right one. */
  fault(image: number, body: Buffer, contentEncoding: string): AnswerFault | null;
}

/** The server says that it will not, for now. */
const REJECTIONS = new Set([429, 503]);
const TOO_LONG: AnswerFault = {
  reason: `the answer is over ${KEPT_LIMIT_BYTES / 2 ** 20} MiB, too long to be checked`,
};
const LONGEST_TARGET = 100;

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
    const { status } = answer.head;
    this.log.answered(index, atUs, status, answer.bytes);
    this.latencyUs.add(atUs - this.log.scheduledUs(index));
    if (status > 299) {
      this.explain(index, statusReason(answer.head), () =>
        beginningOf(answer.body, answer.head.contentEncoding),
      );
      this.settle(index, REJECTIONS.has(status) ? 'rejected' : 'failed', true);
      return;
    }
    const fault = this.log.isChecked(index) ? this.faultOf(index, answer) : null;
    if (fault !== null) this.explain(index, fault.reason, () => fault.example ?? '');
    this.settle(index, fault === null ? 'ok' : 'wrong', true);
  }

  failed(index: number, atUs: number, reason: string): void {
    this.log.mark(index, 'done', atUs);
    this.explain(index, reason, () => '');
    this.settle(index, 'failed', false);
  }

  repeated(index: number): void {
    this.log.repeated(index);
    this.events++;
  }

  /** Ends what is older than the time-out. All have the same one, so only the oldest need a look. */
  sweep(sender: Sender): void {
    const nowUs = this.clock();
    while (this.oldest < this.log.length) {
      if (!this.log.isSettled(this.oldest)) {
        if (this.log.scheduledUs(this.oldest) + this.plan.timeoutUs > nowUs) return;
        sender.cancel(this.oldest);
        this.settle(this.oldest, 'timed_out', false);
      }
      this.oldest++;
    }
  }

  /** Whatever has no outcome yet is `incomplete`: the run is over. */
  giveUp(sender: Sender): void {
    for (let index = this.oldest; index < this.log.length; index++) {
      if (this.log.isSettled(index)) continue;
      sender.cancel(index);
      this.settle(index, 'incomplete', false);
    }
  }

  private nextImage(phase: RequestRecord['phase']): number {
    const { order } = this.plan;
    const position = this.fired[phase]++ % order.length;
    return order.at(phase === 'warmup' ? -1 - position : position) ?? 0;
  }

  private faultOf(index: number, { head, body, tooLong }: Answer): AnswerFault | null {
    return tooLong ? TOO_LONG : this.plan.fault(this.log.imageOf(index), body, head.contentEncoding);
  }

  /** @param example read only where the reason is a new one */
  private explain(index: number, reason: string, example: () => string): void {
    if (this.log.explain(index, reason)) this.log.exemplify(index, example());
  }

  private settle(index: number, outcome: Outcome, gotAnswer: boolean): void {
    this.log.settle(index, outcome);
    this.inFlight--;
    this.settled++;
    this.events++;
    if (outcome !== 'ok') this.errors++;
    this.onSettled(gotAnswer);
  }
}

/** A redirect is not followed: where it leads is the reason, without what the query may hold of secrets. */
function statusReason({ status, location }: AnswerHead): string {
  if (status > 399 || location === '') return `HTTP ${status}`;
  const [target = ''] = location.split('?', 1);
  return `HTTP ${status} to ${excerpt(hideCredentials(target), LONGEST_TARGET)}`;
}
