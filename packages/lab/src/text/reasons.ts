import type { Check, Counts, ReasonId } from '@servelab/core';
import { checkTitle, failedCheckText, scopeText } from './checks.js';

/** One reason of a verdict: its id for programs, its text for people. */
export interface Reason {
  readonly id: ReasonId;
  readonly text: string;
}

/** As a verdict has them. */
export const reasonFields = (reasons: readonly Reason[]): { reasons: string[]; reason_ids: ReasonId[] } => ({
  reasons: reasons.map(({ text }) => text),
  reason_ids: reasons.map(({ id }) => id),
});

/** A sign that a stack does not keep up, with the numbers of requests that show it. */
export type SaturationSign =
  | ({ readonly id: 'unanswered-requests' } & Readonly<
      Pick<Counts, 'scheduled' | 'rejected' | 'timed_out' | 'incomplete'>
    >)
  | { readonly id: 'completions-behind'; readonly completions: number; readonly arrivals: number }
  | { readonly id: 'growing-backlog'; readonly growth: number };

/** What must be known before the figures of stacks are compared. */
export interface StackCaution {
  readonly id: 'uncontrolled-stack' | 'unchecked-stack';
  readonly stacks: readonly string[];
}

export const UNPINNED: Reason = { id: 'unpinned', text: 'server and client had no cores of their own' };

export function saturationReason(sign: SaturationSign): Reason {
  switch (sign.id) {
    case 'unanswered-requests':
      return { id: sign.id, text: unansweredText(sign) };
    case 'completions-behind':
      return { id: sign.id, text: `only ${sign.completions} requests ended while ${sign.arrivals} arrived` };
    case 'growing-backlog':
      return { id: sign.id, text: `the backlog grew by ${sign.growth} requests in the window` };
  }
}

function unansweredText({
  scheduled,
  rejected,
  timed_out,
  incomplete,
}: Extract<SaturationSign, { id: 'unanswered-requests' }>): string {
  const kinds = Object.entries({ rejected, 'timed out': timed_out, incomplete })
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${count} ${kind}`);
  const missing = rejected + timed_out + incomplete;
  return `${missing} of ${scheduled} requests got no answer (${kinds.join(', ')})`;
}

export function cautionReason({ id, stacks }: StackCaution): Reason {
  const names = stacks.join(', ');
  const text = {
    'uncontrolled-stack': `the process of ${names} was not controlled: it ran already, so it was not fresh in each repeat, had no cores of its own, and has no CPU or memory figures`,
    'unchecked-stack': `answers of ${names} were not checked: any 2xx counts as right`,
  }[id];
  return { id, text };
}

/** A failed check of a point. */
export const failedCheckReason = (check: Omit<Check, 'where'>): Reason => ({
  id: check.id,
  text: failedCheckText(check),
});

/** A check that failed in several places, once: forty points can fail for one cause. */
export function failedCheckGroupReason([first, ...others]: readonly [Check, ...Check[]]): Reason {
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return { id: first.id, text: `failed check: ${checkTitle(first)} (${scopeText(first.where)}${more})` };
}

/** A window of a rate search in which too few requests kept the SLO. @param share of the requests, 0-1 */
export const sloMissed = (
  share: number,
  { text, fraction }: { readonly text: string; readonly fraction: number },
): Reason => ({
  id: 'slo-missed',
  text: `${percent(share)} on time, ${percent(fraction)} needed by ${text}`,
});

const percent = (share: number): string => `${Number((100 * share).toPrecision(4))} %`;
