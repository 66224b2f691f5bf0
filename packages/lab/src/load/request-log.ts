import { OUTCOMES, type Outcome } from '@servelab/core';
import type { RequestRecord } from '../record/request-record.js';
import type { TimedAnswer } from './warm-up.js';

const ROWS_PER_BLOCK = 16_384;
/** Bounds the memory of a run: 76 bytes a request, so 380 MB. */
export const MAX_REQUESTS = 5_000_000;
/** Distinct reasons kept; the rest share the last place. */
const MAX_REASONS = 500;
const OTHER_REASONS = 'other reasons';

const UNSETTLED = 255;
type Moment = 'fired' | 'acquired' | 'sent' | 'firstByte' | 'done';

/**
 * Columns, not objects: writing a moment while load runs allocates nothing. NaN: did not get so far. Zeros are
 * written as well: the system gives a page only when it is first touched, which must not be while load runs.
 */
class Block {
  readonly scheduled = new Float64Array(ROWS_PER_BLOCK).fill(0);
  readonly fired = new Float64Array(ROWS_PER_BLOCK).fill(Number.NaN);
  readonly connecting = new Float64Array(ROWS_PER_BLOCK).fill(Number.NaN);
  readonly acquired = new Float64Array(ROWS_PER_BLOCK).fill(Number.NaN);
  readonly sent = new Float64Array(ROWS_PER_BLOCK).fill(Number.NaN);
  readonly firstByte = new Float64Array(ROWS_PER_BLOCK).fill(Number.NaN);
  readonly done = new Float64Array(ROWS_PER_BLOCK).fill(Number.NaN);
  readonly status = new Uint16Array(ROWS_PER_BLOCK).fill(0);
  readonly outcome = new Uint8Array(ROWS_PER_BLOCK).fill(UNSETTLED);
  readonly measured = new Uint8Array(ROWS_PER_BLOCK).fill(0);
  readonly checked = new Uint8Array(ROWS_PER_BLOCK).fill(0);
  readonly repeated = new Uint8Array(ROWS_PER_BLOCK).fill(0);
  /** Number of the reason. */
  readonly reason = new Uint16Array(ROWS_PER_BLOCK).fill(0);
  readonly bytes = new Float64Array(ROWS_PER_BLOCK).fill(0);
  readonly image = new Uint32Array(ROWS_PER_BLOCK).fill(0);
}

/** Everything that is known of every request of one run, by its index in the schedule. */
export class RequestLog {
  length = 0;
  private readonly blocks: Block[] = [];
  private readonly reasons: string[] = [''];
  private readonly reasonNumbers = new Map<string, number>([['', 0]]);
  private readonly seen = { warmup: new Set<number>(), measured: new Set<number>() };
  /** Of the first request of each reason in each phase, by its index. */
  private readonly examples = new Map<number, string>();

  /** @param expected makes room before the start, so that none is made while load runs */
  constructor(expected: number) {
    for (let rows = 0; rows < expected; rows += ROWS_PER_BLOCK) this.blocks.push(new Block());
  }

  /** Adds the next request. @returns its index */
  schedule(atUs: number, phase: RequestRecord['phase'], image: number): number {
    const index = this.length++;
    if (index === this.blocks.length * ROWS_PER_BLOCK) this.blocks.push(new Block());
    const [block, row] = this.at(index);
    block.scheduled[row] = atUs;
    block.measured[row] = phase === 'measured' ? 1 : 0;
    block.image[row] = image;
    return index;
  }

  mark(index: number, moment: Moment, atUs: number): void {
    const [block, row] = this.at(index);
    block[moment][row] = atUs;
  }

  /** A connection that was being opened before the request was there counts from the request only. */
  connecting(index: number, sinceUs: number): void {
    const [block, row] = this.at(index);
    block.connecting[row] = Math.max(sinceUs, block.fired[row] ?? sinceUs);
  }

  answered(index: number, atUs: number, status: number, bytes: number): void {
    const [block, row] = this.at(index);
    block.done[row] = atUs;
    block.status[row] = status;
    block.bytes[row] = bytes;
  }

  checked(index: number): void {
    const [block, row] = this.at(index);
    block.checked[row] = 1;
  }

  isChecked(index: number): boolean {
    const [block, row] = this.at(index);
    return block.checked[row] === 1;
  }

  repeated(index: number): void {
    const [block, row] = this.at(index);
    block.repeated[row] = 1;
  }

  settle(index: number, outcome: Outcome): void {
    const [block, row] = this.at(index);
    block.outcome[row] = OUTCOMES.indexOf(outcome);
  }

  /** Why the outcome is not `ok`. @returns whether it is the first request of its phase with this reason */
  explain(index: number, reason: string): boolean {
    const [block, row] = this.at(index);
    const number = this.reasonNumber(reason);
    block.reason[row] = number;
    const seen = block.measured[row] === 1 ? this.seen.measured : this.seen.warmup;
    const isNew = !seen.has(number);
    if (isNew) seen.add(number);
    return isNew;
  }

  /** What was seen, as an example of the reason. */
  exemplify(index: number, example: string): void {
    if (example !== '') this.examples.set(index, example);
  }

  isSettled(index: number): boolean {
    const [block, row] = this.at(index);
    return block.outcome[row] !== UNSETTLED;
  }

  scheduledUs(index: number): number {
    const [block, row] = this.at(index);
    return block.scheduled[row] ?? Number.NaN;
  }

  imageOf(index: number): number {
    const [block, row] = this.at(index);
    return block.image[row] ?? 0;
  }

  /** Of the requests that were answered so far, in the order of their schedule. */
  answers(): TimedAnswer[] {
    const answers: TimedAnswer[] = [];
    for (let index = 0; index < this.length; index++) {
      const [block, row] = this.at(index);
      const doneUs = block.done[row] ?? Number.NaN;
      const serviceUs = doneUs - (block.sent[row] ?? Number.NaN);
      if (block.status[row] !== 0 && serviceUs >= 0) answers.push({ doneUs, serviceUs });
    }
    return answers;
  }

  *records(): Generator<RequestRecord> {
    for (let index = 0; index < this.length; index++) yield this.record(index);
  }

  private record(index: number): RequestRecord {
    const [block, row] = this.at(index);
    const connecting = moment(block.connecting[row]);
    const status = block.status[row] ?? 0;
    const reason = this.reasons[block.reason[row] ?? 0] ?? '';
    const example = this.examples.get(index);
    return {
      index,
      phase: block.measured[row] === 1 ? 'measured' : 'warmup',
      scheduled: Math.round(block.scheduled[row] ?? Number.NaN),
      fired: moment(block.fired[row]),
      ...(connecting !== null && { connecting }),
      acquired: moment(block.acquired[row]),
      sent: moment(block.sent[row]),
      first_byte: moment(block.firstByte[row]),
      done: moment(block.done[row]),
      status: status === 0 ? null : status,
      outcome: OUTCOMES[block.outcome[row] ?? UNSETTLED] ?? 'incomplete',
      checked: block.checked[row] === 1,
      bytes: block.bytes[row] ?? 0,
      image: block.image[row] ?? 0,
      ...(block.repeated[row] === 1 && { repeated: true as const }),
      ...(reason === '' ? {} : { error: reason }),
      ...(example === undefined ? {} : { example }),
    };
  }

  private at(index: number): [Block, number] {
    const block = this.blocks[Math.floor(index / ROWS_PER_BLOCK)];
    if (block === undefined || index >= this.length) throw new RangeError(`no request ${index}`);
    return [block, index % ROWS_PER_BLOCK];
  }

  private reasonNumber(reason: string): number {
    const known = this.reasonNumbers.get(reason);
    if (known !== undefined) return known;
    const full = this.reasons.length === MAX_REASONS - 1 && reason !== OTHER_REASONS;
    if (full) return this.reasonNumber(OTHER_REASONS);
    this.reasons.push(reason);
    this.reasonNumbers.set(reason, this.reasons.length - 1);
    return this.reasons.length - 1;
  }
}

/** Whole microseconds; null for a moment that did not come. */
const moment = (us: number | undefined): number | null =>
  us === undefined || Number.isNaN(us) ? null : Math.round(us);
