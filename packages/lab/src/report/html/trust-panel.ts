import type { Gate } from '@servelab/core';
import type { DriverCalibration } from '../../record/run-folder.js';
import { digits } from '../../text/figure-words.js';
import { escapeText, node } from '../charts/svg.js';
import type { RunView } from '../run-view.js';
import { type Panel, paragraph, tableMarkup } from './markup.js';

/** Every rule with its value and limit, what the run was made of, and how to make it again. */
export function trustPanel(view: RunView): Panel {
  const { report, manifest } = view;
  const failures = manifest.stacks.flatMap(({ name, failure }) =>
    failure === undefined
      ? []
      : [
          node(
            'details',
            { open: '' },
            node('summary', {}, escapeText(`${name}: ${failure.message}`)),
            node('pre', {}, escapeText(failure.log_tail)),
          ),
        ],
  );
  const body = [
    paragraph(
      'A rule about the client, the machine or the answers that is broken makes a point INVALID; nothing is only a log line. Every check of every point is in report.json.',
      'note',
    ),
    rulesTable(report.gates),
    ...failures,
    node('h3', {}, 'Repeat it'),
    node('pre', {}, node('code', {}, escapeText(manifest.command))),
    node('h3', {}, 'What it was measured on'),
    factsTable(view),
  ];
  return { id: 'trust', title: 'Trust', body: body.join('') };
}

function rulesTable(gates: readonly Gate[]): string {
  const byRule = new Map<string, Gate[]>();
  for (const gate of gates) byRule.set(gate.rule, [...(byRule.get(gate.rule) ?? []), gate]);
  const rows = [...byRule].map(([rule, all]) => {
    const broken = all.filter(({ ok }) => !ok);
    const shown = broken[0] ?? closest(all);
    const outcome =
      broken.length === 0
        ? `kept, ${all.length} of ${all.length}`
        : `broken, ${broken.length} of ${all.length}`;
    const remedy = `${shown.where}${broken.length > 1 ? ' and others' : ''}: ${shown.fix ?? ''}`;
    return [
      escapeText(rule) + (broken.length === 0 ? '' : node('small', {}, escapeText(remedy))),
      escapeText(words(shown.value)),
      escapeText(words(shown.limit)),
      node('span', { class: broken.length === 0 ? 'good' : 'bad' }, outcome),
    ];
  });
  return tableMarkup({
    caption: 'Rules of the measurement',
    header: ['Rule', 'Worst value', 'Limit', 'Outcome'],
    rows,
  });
}

/** The check that came nearest to its limit. */
function closest(gates: readonly Gate[]): Gate {
  const [first] = gates;
  if (first === undefined) throw new RangeError('a rule without checks');
  const margin = ({ value, limit }: Gate) =>
    typeof value === 'number' && typeof limit === 'number'
      ? Math.abs(limit - value) / (Math.abs(limit) || 1)
      : 1;
  return gates.reduce((nearest, gate) => (margin(gate) < margin(nearest) ? gate : nearest), first);
}

function factsTable({ report, manifest }: RunView): string {
  const facts: [string, unknown][] = [
    ['run', report.run_id],
    ['seed', manifest.seed],
    ['profile', manifest.profile],
    ['started', manifest.started_at],
    ['finished', manifest.finished_at ?? 'interrupted'],
    ['model', `${manifest.model.name}, sha256 ${manifest.model.sha256 ?? 'none (synthetic)'}`],
    ['images', `${manifest.corpus.name}, ${manifest.corpus.images} images, sha256 ${manifest.corpus.sha256}`],
    ...driverFacts(manifest.driver),
    ['connections', 'HTTP/1.1 keep-alive, opened before the load, one request at a time on each'],
    ['own cores for server and client', manifest.pinned ? 'yes' : 'no'],
    ...manifest.stacks.map(({ name, workload, version, runtime, policy, device }): [string, unknown] => [
      `${name}, ${workload}`,
      `version ${version}, runtime ${runtime}${device === undefined ? '' : ` on ${device}`}, policy ${policy}`,
    ]),
    ...Object.entries(manifest.environment),
    ...Object.entries(manifest.config).map(([key, value]): [string, unknown] => [`option ${key}`, value]),
  ];
  const rows = facts.map(([term, value]) => [
    escapeText(term.replaceAll('_', ' ')),
    escapeText(typeof value === 'string' ? value : JSON.stringify(value)),
  ]);
  return tableMarkup({ caption: 'What it was measured on', header: ['Fact', 'Value'], rows, wordColumns: 2 });
}

function driverFacts(driver: DriverCalibration | undefined): [string, string][] {
  if (driver === undefined) return [];
  const { ceiling, floor, open } = driver;
  const parts = [
    `at most ${digits(ceiling.rps)} req/s to ${ceiling.concurrency} users`,
    `p50 ${digits(floor.p50_ms)} ms for one user and ${digits(open.p50_ms)} ms at ${digits(open.rate_rps)} req/s`,
    `lag p99 ${digits(open.lag_p99_ms)} ms`,
  ];
  return [['load driver against a null server', parts.join('; ')]];
}

const words = (value: Gate['value']): string => (typeof value === 'number' ? digits(value) : (value ?? '–'));
