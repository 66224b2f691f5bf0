import type { Check } from '@servelab/core';
import { groupById, marginOf } from '../../analyse/checks/check.js';
import type { DriverCalibration } from '../../record/run-folder.js';
import { checkFix, checkLimitText, checkTitle, checkValueText, scopeText } from '../../text/checks.js';
import { digits } from '../../text/figure-words.js';
import { escapeText, node } from '../charts/svg.js';
import type { RunView } from '../run-view.js';
import { type Panel, paragraph, tableMarkup } from './markup.js';

/** Every check with its value and limit, what the run was made of, and how to make it again. */
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
      'A failed check of the client, the machine or the answers makes a point INVALID; nothing is only a log line. Every check of every point is in report.json.',
      'note',
    ),
    checksTable(report.checks),
    ...failures,
    node('h3', {}, 'Repeat it'),
    node('pre', {}, node('code', {}, escapeText(manifest.command))),
    node('h3', {}, 'What it was measured on'),
    factsTable(view),
  ];
  return { id: 'trust', title: 'Trust', body: body.join('') };
}

function checksTable(checks: readonly Check[]): string {
  const rows = groupById(checks).map((group) => {
    const failed = group.filter(({ ok }) => !ok);
    const [firstFailed, ...moreFailed] = failed;
    const shown = closest(firstFailed === undefined ? group : [firstFailed, ...moreFailed]);
    const outcome = failed.length === 0 ? 'passed' : 'failed';
    const count = failed.length === 0 ? group.length : failed.length;
    const remedy = `${scopeText(shown.where)}${failed.length > 1 ? ' and others' : ''}: ${checkFix(shown)}`;
    return [
      escapeText(checkTitle(shown)) + (failed.length === 0 ? '' : node('small', {}, escapeText(remedy))),
      escapeText(checkValueText(shown)),
      escapeText(checkLimitText(shown)),
      node(
        'span',
        { class: failed.length === 0 ? 'good' : 'bad' },
        `${outcome}, ${count} of ${group.length}`,
      ),
    ];
  });
  return tableMarkup({
    caption: 'Checks of the measurement',
    header: ['Check', 'Worst value', 'Limit', 'Outcome'],
    rows,
  });
}

/** The check whose value came nearest to its limit, or is farthest beyond it. */
const closest = ([first, ...others]: readonly [Check, ...Check[]]): Check =>
  others.reduce((nearest, check) => (marginOf(check) < marginOf(nearest) ? check : nearest), first);

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
