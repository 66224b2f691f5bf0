import type { Outcome, RequestRecord } from '../record/request-record.js';
import type { TimedAnswer } from './warm-up.js';

const ROWS_PER_BLOCK = 16_384;
/** Bounds the memory of a run: 75 bytes a request, so 375 MB. */
export const MAX_REQUESTS = 5_000_000;
/** Distinct error messages kept; the rest share the last place. */
const MAX_MESSAGES = 500;

const OUTCOMES: readonly Outcome[] = ['ok', 'wrong', 'rejected', 'failed', 'timed_out', 'incomplete'];
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
  readonly message = new Uint16Array(ROWS_PER_BLOCK).fill(0);
  readonly bytes = new Float64Array(ROWS_PER_BLOCK).fill(0);
  readonly image = new Uint32Array(ROWS_PER_BLOCK).fill(0);
}

/** Everything that is known of every request of one run, by its index in the schedule. */
export class RequestLog {
  length = 0;
  private readonly blocks: Block[] = [];
  private readonly messages: string[] = [''];
  private readonly messageNumbers = new Map<string, number>([['', 0]]);

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

  settle(index: number, outcome: Outcome, message: string): void {
    const [block, row] = this.at(index);
    block.outcome[row] = OUTCOMES.indexOf(outcome);
    if (message !== '') block.message[row] = this.messageNumber(message);
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
    const message = this.messages[block.message[row] ?? 0] ?? '';
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
      ...(message === '' ? {} : { error: message }),
    };
  }

  private at(index: number): [Block, number] {
    const block = this.blocks[Math.floor(index / ROWS_PER_BLOCK)];
    if (block === undefined || index >= this.length) throw new RangeError(`no request ${index}`);
    return [block, index % ROWS_PER_BLOCK];
  }

  private messageNumber(message: string): number {
    const known = this.messageNumbers.get(message);
    if (known !== undefined) return known;
    if (this.messages.length === MAX_MESSAGES) return this.messageNumber(this.messages.at(-1) ?? '');
    this.messages.push(message);
    this.messageNumbers.set(message, this.messages.length - 1);
    return this.messages.length - 1;
  }
}

/** Whole microseconds; null for a moment that did not come. */
const moment = (us: number | undefined): number | null =>
  us === undefined || Number.isNaN(us) ? null : Math.round(us);
