import type { Comparison } from '@servelab/core';

/** Whether the first named stack won its comparison with the second. */
export function beats(comparison: Comparison, winner: string, loser: string): boolean {
  const { a, b, verdict } = comparison;
  return (verdict === 'a' && a === winner && b === loser) || (verdict === 'b' && b === winner && a === loser);
}

/**
 * Rank groups, best first. A stack dominates another when it beats it in at least one of the comparisons and
 * loses to it in none; a group holds all that nothing left dominates. Stacks of one group are tied, not told
 * apart, or each better at something.
 */
export function rankStacks(names: readonly string[], comparisons: readonly Comparison[]): string[][] {
  const wins = (winner: string, loser: string) => comparisons.some((one) => beats(one, winner, loser));
  const dominates = (winner: string, loser: string) => wins(winner, loser) && !wins(loser, winner);
  const ranking: string[][] = [];
  let left = [...names];
  while (left.length > 0) {
    const best = left.filter((name) => !left.some((other) => dominates(other, name)));
    // A circle (a over b over c over a) has no best: its members share a rank.
    const group = best.length > 0 ? best : left;
    ranking.push(group);
    left = left.filter((name) => !group.includes(name));
  }
  return ranking;
}

/** The stack that nothing beats in any comparison and that beats every other stack in at least one; null if none does. */
export function overallWinner(names: readonly string[], comparisons: readonly Comparison[]): string | null {
  const wins = (winner: string, loser: string) => comparisons.some((one) => beats(one, winner, loser));
  if (names.length < 2) return null;
  const winner = names.find((name) =>
    names.every((other) => other === name || (wins(name, other) && !wins(other, name))),
  );
  return winner ?? null;
}
