import { EXIT } from '@servelab/core';
import { abortable } from '@servelab/node';
import type { Invocation } from '../command.js';
import { deviceFindings } from '../doctor/device-findings.js';
import { conclusion, renderFindings } from '../doctor/findings.js';
import { modelFinding } from '../doctor/model-finding.js';
import { peerFindings } from '../doctor/peer-findings.js';
import { examineMachine } from '../doctor/probes.js';
import type { JSON_ALONE } from '../json-option.js';

export async function doctor({ options, terminal, signal }: Invocation<typeof JSON_ALONE>): Promise<number> {
  const findings = await abortable(signal, () =>
    examineMachine(
      () => modelFinding(terminal.environment),
      deviceFindings,
      () => peerFindings(terminal.environment, signal),
    ),
  );
  terminal.out(
    options.json
      ? JSON.stringify({ findings, conclusion: conclusion(findings) }, null, 2)
      : renderFindings(findings),
  );
  return findings.every(({ ok, weight }) => ok || weight !== 'required') ? EXIT.ok : EXIT.environment;
}
