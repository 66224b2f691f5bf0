import type { Check } from '@servelab/core';
import { expect, it } from 'vitest';
import { judge } from '../analyse/checks/check.js';
import {
  cautionReason,
  failedCheckGroupReason,
  failedCheckReason,
  reasonFields,
  saturationReason,
  sloMissed,
  UNPINNED,
} from './reasons.js';

const lateAt = (stack: string): Check => ({
  ...judge('client-on-time', 4, 3),
  where: { scope: 'point', stack, workload: 'photographs', load: { mode: 'closed', concurrency: 8 } },
});

it('gives ids and texts side by side', () => {
  const reasons = [
    failedCheckReason(judge('client-on-time', 4, 3)),
    failedCheckGroupReason([lateAt('a')]),
    failedCheckGroupReason([lateAt('a'), lateAt('b'), lateAt('c')]),
    saturationReason({
      id: 'unanswered-requests',
      scheduled: 125,
      rejected: 0,
      timed_out: 60,
      incomplete: 3,
    }),
    saturationReason({ id: 'completions-behind', completions: 49, arrivals: 125 }),
    saturationReason({ id: 'growing-backlog', growth: 38 }),
    UNPINNED,
    cautionReason({ id: 'uncontrolled-stack', stacks: ['there'] }),
    cautionReason({ id: 'unchecked-stack', stacks: ['mine', 'there'] }),
    sloMissed(0.9, { text: 'p95<=100ms', fraction: 0.95 }),
  ];
  const { reasons: texts, reason_ids: ids } = reasonFields(reasons);
  expect(ids.map((id, n) => [id, texts[n]])).toMatchSnapshot();
});
