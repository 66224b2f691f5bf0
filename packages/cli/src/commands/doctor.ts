import { EXIT, type OptionTable } from '@servelab/core';
import { defineCommand } from '../command.js';
import { conclusion, renderFindings } from '../doctor/findings.js';
import { modelFinding } from '../doctor/model-finding.js';
import { examineMachine } from '../doctor/probes.js';

const OPTIONS = {
  json: {
    type: 'boolean',
    default: false,
    doc: 'Print one JSON document on standard output and nothing else.',
  },
} as const satisfies OptionTable;

export const doctor = defineCommand({
  positionals: '',
  options: OPTIONS,
  async run({ options, terminal }) {
    const findings = await examineMachine(() => modelFinding(terminal.environment));
    terminal.out(
      options.json
        ? JSON.stringify({ findings, conclusion: conclusion(findings) }, null, 2)
        : renderFindings(findings),
    );
    return findings.every(({ ok, weight }) => ok || weight !== 'required') ? EXIT.ok : EXIT.environment;
  },
});
