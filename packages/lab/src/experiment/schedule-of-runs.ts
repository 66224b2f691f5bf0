import { type Load, type Random, shuffled } from '@servelab/core';

/** Everything that one fresh process of one stack measures in one repeat. */
export interface StackTurn {
  /** Position in the whole run, from 0. */
  readonly order: number;
  readonly repeat: number;
  readonly workload: string;
  readonly stack: string;
  readonly loads: readonly Load[];
}

/** The stacks of one workload and the loads that each of them meets. */
export interface WorkloadGroup {
  readonly workload: string;
  readonly stacks: readonly string[];
  readonly loads: readonly Load[];
}

/**
 * Interleaves: each repeat is a block in which every stack of a workload has one turn, in a seeded random
 * order that differs from block to block, so that drift of the machine hits all stacks alike.
 */
export function interleave(groups: readonly WorkloadGroup[], repeats: number, random: Random): StackTurn[] {
  const turns: StackTurn[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const { workload, stacks, loads } of groups) {
      for (const stack of shuffled(stacks, random)) {
        turns.push({ order: turns.length, repeat, workload, stack, loads });
      }
    }
  }
  return turns;
}

/** Unique, readable, and safe as a file name: `photographs_servelab-none_closed-8_r1`. */
export function pointId(turn: Pick<StackTurn, 'workload' | 'stack' | 'repeat'>, load: Load): string {
  const words = [turn.workload, turn.stack, loadLabel(load), `r${turn.repeat + 1}`];
  return words.map((word) => word.replaceAll(/[^A-Za-z0-9.]+/g, '-')).join('_');
}

/** `closed 8`, or `open 63.5/s poisson`. */
function loadLabel(load: Load): string {
  return load.mode === 'closed' ? `closed ${load.concurrency}` : `open ${load.rate_rps}/s ${load.arrivals}`;
}
