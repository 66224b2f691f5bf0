// docs/results.md from the folder of a run over all stacks.
//
//   make bench STACKS=all && node scripts/results-page.mjs runs/NAME > docs/results.md
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readReport } from '@servelab/lab';
import { attributionSection, besideTheSeeds, LIMITS } from './results/comparison.mjs';
import { closedTable, openTable } from './results/tables.mjs';

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('usage: node scripts/results-page.mjs RUN_DIR > docs/results.md');
  process.exit(2);
}
const report = await readReport(folder);
const manifest = JSON.parse(await readFile(join(folder, 'run.json'), 'utf8'));
const { environment, verdict } = report;

/** Points of a workload at one kind of load: `[stack, point]`. */
function pointsOf(workload, fits) {
  return report.stacks
    .filter((stack) => stack.workload === workload)
    .flatMap(({ name, points }) => points.filter(({ load }) => fits(load)).map((point) => [name, point]));
}
const closed = (workload) => pointsOf(workload, ({ mode }) => mode === 'closed');
const rates = new Set(
  pointsOf('photographs', ({ mode }) => mode === 'open').map(([, { load }]) => load.rate_rps),
);
const open = (rate) => pointsOf('photographs', ({ mode, rate_rps }) => mode === 'open' && rate_rps === rate);
const repeats = Math.max(
  ...report.stacks.flatMap(({ points }) => points.map((point) => point.repeats.length)),
);
const seconds = Math.min(...manifest.points.map(({ duration_us }) => duration_us)) / 1e6;
const cpu = String(environment.cpu_model).replace('(R)', '').trim();

const sections = [
  '# Results',
  `**Preliminary.** One run of the ${manifest.profile} profile over all stacks in both forms: ${repeats} interleaved repeats in fresh processes, ${seconds} measured seconds a point or more. A longer run with every gate of the [method](method.md) will take its place.`,
  '```\nmake bench STACKS=all\nnode scripts/results-page.mjs runs/NAME > docs/results.md\n```',
  `Run at commit \`${String(environment.commit).slice(0, 7)}\`${environment.dirty ? ' (with changes)' : ''} on a virtual machine with ${environment.cpu_count} cores of an ${cpu} (${environment.cpu_flags.join(', ')}), server on one core, client on the other, Node ${environment.node}, Python 3.11; ${manifest.corpus.images} JPEG photographs of 224x224 as multipart; one thread of mathematics a stack. Intervals are 95 %, over the repeats.`,
  `Verdict: **${verdict.status}**${verdict.reasons.length > 0 ? ` (${verdict.reasons.join('; ')})` : ''}.`,
  `> ${verdict.sentence}`,
  '## Eight clients, each asking again when it is answered',
  closedTable(closed('photographs')),
  '`seeds` is the service as the seeds describe it: Keras `predict`, the framework’s own interface. `tuned` is the same framework on ONNX Runtime behind servelab’s contract; `:none` has the framework’s batching switched off. Within `seeds` and within `tuned` only the framework and its batching differ; between them the runtime does as well.',
  ...[...rates]
    .sort((x, y) => y - x)
    .flatMap((rate) => [
      `## ${Number(rate.toPrecision(3))} requests a second, Poisson`,
      'Four fifths of what the slowest stack of this group can do. Latency runs from the moment a request was due.',
      openTable(open(rate)),
    ]),
  '## A simulated Keras `predict` call',
  'servelab on a runtime that takes as long as a Keras call, so that only the batching policy differs; eight clients.',
  closedTable(closed('simulated-keras')),
  ...attributionSection(report),
  ...besideTheSeeds(closed('photographs')),
  '## What these numbers do not say',
  LIMITS.map((words) => `- ${words}`).join('\n'),
];
console.log(sections.join('\n\n'));
