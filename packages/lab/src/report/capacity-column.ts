import type { StackResult } from '@servelab/core';
import { digits } from '../text/figure-words.js';

export interface CapacityColumn {
  readonly title: string;
  /** Of a stack by its name. */
  words(stack: string): string;
}

/** A column for the tables of a workload; null where no stack's highest rate was searched for. */
export function capacityColumn(stacks: readonly StackResult[]): CapacityColumn | null {
  const slo = stacks.find(({ capacity }) => capacity !== undefined)?.capacity?.slo;
  if (!stacks.some(({ capacity }) => capacity !== undefined)) return null;
  return {
    title: `Highest rate${slo === undefined ? '' : ` under ${slo}`}, req/s`,
    words: (name) => {
      const capacity = stacks.find((stack) => stack.name === name)?.capacity;
      return capacity === undefined ? '–' : capacityWords(capacity);
    },
  };
}

/** `118–123`: the last rate that passed and the first that failed; `≥ 118` or `< 6.2` where there is only one. */
export function capacityWords({ pass_rps, fail_rps }: NonNullable<StackResult['capacity']>): string {
  if (pass_rps !== null && fail_rps !== null) return `${digits(pass_rps)}–${digits(fail_rps)}`;
  if (pass_rps !== null) return `≥ ${digits(pass_rps)}`;
  return fail_rps === null ? '–' : `< ${digits(fail_rps)}`;
}
