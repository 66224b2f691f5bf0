import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FuzzFailure } from './fuzz-target.js';

/** One fault breaks thousands of cases; these are enough to find it. */
const KEPT_OF_A_KIND = 5;

/** Writes what broke something where it can become a test, and counts the rest. */
export class KeptFailures {
  readonly #times = new Map<string, number>();
  readonly files: string[] = [];
  total = 0;

  constructor(private readonly folder: string) {}

  /** @returns a line about it; null where its kind is well known by now */
  keep(failure: FuzzFailure): string | null {
    const { target, seed, number, fault, input } = failure;
    this.total++;
    // Of faults that are told alike up to their details.
    const kind = `${target} ${fault.replaceAll(/\d+/g, '0').split(': ', 1)[0]}`;
    const times = (this.#times.get(kind) ?? 0) + 1;
    this.#times.set(kind, times);
    if (times > KEPT_OF_A_KIND) return null;
    const stem = join(this.folder, `${target}-${seed}-${number ?? `after-${this.total}`}`);
    const again = number === null ? '' : `again: make fuzz TARGET=${target} SEED=${seed} CASE=${number}\n`;
    mkdirSync(this.folder, { recursive: true });
    writeFileSync(`${stem}.txt`, `${fault}\n${again}${input === null ? '' : `how: ${input.how}\n`}`);
    if (input !== null) writeFileSync(`${stem}.bin`, input.bytes);
    this.files.push(`${stem}.txt`);
    return `FAILED ${target} ${number ?? ''} (seed ${seed}): ${fault.split('\n')[0]}; see ${stem}.txt`;
  }
}
