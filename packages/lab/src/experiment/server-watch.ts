import { type BatchRecord, msToUs } from '@servelab/core';
import type { ProcessUsage } from '../machine/process-usage.js';
import type { RunningStack } from '../stacks/stack.js';

const SAMPLE_EVERY_MS = 250;
/** The server remembers its last 1,000 batches: at 500 a second they are asked for twice before any is lost. */
const JOURNAL_EVERY_SAMPLES = 4;

interface Sample {
  readonly atUs: number;
  readonly usage: ProcessUsage;
}

/**
 * Watches one stack from the outside while it is under load: CPU time of its processes, sampled a few times a
 * second and interpolated to the edges of the measured window, and its journal of batches.
 */
export class ServerWatch {
  readonly #stack: RunningStack;
  readonly #nowUs: () => number;
  readonly #samples: Sample[] = [];
  readonly #batches = new Map<number, BatchRecord>();
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> = Promise.resolve();
  #looks = 0;

  constructor(stack: RunningStack, nowUs: () => number) {
    this.#stack = stack;
    this.#nowUs = nowUs;
  }

  start(): void {
    this.#look();
    this.#timer = setInterval(() => this.#look(), SAMPLE_EVERY_MS);
  }

  /** Takes a last look and ends the timer. */
  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    await this.#looking;
    await this.#sample();
    await this.#readJournal();
  }

  /** CPU seconds between two moments; null where the system does not tell. */
  cpuBetween(fromUs: number, toUs: number): number | null {
    const from = interpolateCpu(this.#samples, fromUs);
    const to = interpolateCpu(this.#samples, toUs);
    return from === null || to === null ? null : to - from;
  }

  rssMb(): number | null {
    return this.#samples.at(-1)?.usage.rssMb ?? null;
  }

  /** Batches formed since a moment, oldest first. */
  batchesSince(fromUs: number): BatchRecord[] {
    return [...this.#batches.values()]
      .filter((batch) => msToUs(batch.formed_at_ms) >= fromUs)
      .sort((a, b) => a.id - b.id);
  }

  #look(): void {
    this.#looks++;
    const withJournal = this.#looks % JOURNAL_EVERY_SAMPLES === 0;
    // One look at a time: a slow one delays the next instead of piling up.
    this.#looking = this.#looking
      .then(async () => {
        await this.#sample();
        if (withJournal) await this.#readJournal();
      })
      .catch(() => undefined); // a dead stack shows in the records
  }

  async #sample(): Promise<void> {
    const usage = await this.#stack.usage();
    if (usage !== null) this.#samples.push({ atUs: this.#nowUs(), usage });
  }

  async #readJournal(): Promise<void> {
    if (!this.#stack.alive()) return;
    const batches = await this.#stack.batches().catch(() => []);
    for (const batch of batches) this.#batches.set(batch.id, batch);
  }
}

/** Linear between samples, held at the ends; null without samples. */
export function interpolateCpu(samples: readonly Sample[], atUs: number): number | null {
  const after = samples.findIndex((sample) => sample.atUs >= atUs);
  if (after === -1) return samples.at(-1)?.usage.cpuS ?? null;
  const right = samples[after];
  const left = samples[after - 1];
  if (right === undefined) return null;
  if (left === undefined || right.atUs === left.atUs) return right.usage.cpuS;
  const share = (atUs - left.atUs) / (right.atUs - left.atUs);
  return left.usage.cpuS + share * (right.usage.cpuS - left.usage.cpuS);
}
