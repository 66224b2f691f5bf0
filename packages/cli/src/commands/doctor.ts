import { EXIT, type OptionTable } from '@servelab/core';
import { defineCommand } from '../command.js';
import { conclusion, renderFindings } from '../doctor/findings.js';
import { modelFinding } from '../doctor/model-finding.js';
import { peerFindings } from '../doctor/peer-findings.js';
import { examineMachine } from '../doctor/probes.js';
import { untilInterrupted } from '../interrupted.js';
import { JSON_OPTION } from '../json-option.js';

const OPTIONS = { json: JSON_OPTION } as const satisfies OptionTable;

export const doctor = defineCommand({
  positionals: '',
  options: OPTIONS,
  async run({ options, terminal, signal }) {
    const findings = await untilInterrupted(signal, () =>
      examineMachine(
        () => modelFinding(terminal.environment),
        () => peerFindings(terminal.environment, signal),
      ),
    );
    terminal.out(
      options.json
        ? JSON.stringify({ findings, conclusion: conclusion(findings) }, null, 2)
        : renderFindings(findings),
    );
    return findings.every(({ ok, weight }) => ok || weight !== 'required') ? EXIT.ok : EXIT.environment;
  },
});
