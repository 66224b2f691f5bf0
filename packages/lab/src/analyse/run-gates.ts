import type { Gate } from '@servelab/core';
import type { RunManifest } from '../record/run-folder.js';

/** The rules for a run as a whole, before any of its points is looked at. */
export function runGates({ stacks, points, interrupted }: RunManifest): Gate[] {
  const gates = stacks.flatMap(({ name, workload, failure, golden }): Gate[] => {
    const where = `${name}, ${workload}`;
    const started: Gate = {
      rule: 'the stack starts and stays up',
      value: failure?.message ?? 'up',
      limit: 'up',
      ok: failure === undefined,
      where,
      fix: 'See the end of its log in run.json.',
    };
    if (golden === null) return [started];
    return [
      started,
      {
        rule: 'golden images are answered right before timing',
        value: `${golden.agreed} of ${golden.checked}`,
        limit: `${golden.required} of ${golden.checked}`,
        ok: golden.agreed >= golden.required,
        where,
        fix: "Compare the stack's preprocessing and labels with the reference: `servelab model verify`.",
      },
    ];
  });
  const measured = points.length > 0;
  return [
    {
      // A run that is ended by what it shows is not the run that was planned: its error rates do not hold.
      rule: 'the run was finished as planned',
      value: interrupted ? 'interrupted' : measured ? 'finished' : 'nothing measured',
      limit: 'finished',
      ok: !interrupted && measured,
      where: 'run',
      fix: 'Run it again with the command in this report.',
    },
    ...gates,
  ];
}
