// Publishes a run over all stacks: docs/results.md with its pictures, and the README's figures and picture.
//
//   make bench STACKS=all && node scripts/publish-run.mjs runs/NAME
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readReport } from '@servelab/lab';
import { attributionSection, besideTheSeeds, LIMITS } from './results/comparison.mjs';
import { publishReadme } from './results/readme.mjs';
import { closedTable, openTable } from './results/tables.mjs';

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('usage: node scripts/publish-run.mjs RUN_DIR');
  process.exit(2);
}
const report = await readReport(folder);
const manifest = JSON.parse(await readFile(join(folder, 'run.json'), 'utf8'));
const { environment, verdict } = report;
if (verdict.status === 'INVALID') {
  console.error(`${folder} is INVALID (${verdict.reasons.join('; ')}): measure again, on a quiet machine`);
  process.exit(1);
}

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

const docs = fileURLToPath(new URL('../docs/', import.meta.url));
const PICTURES = 'images/results';
const picture = (name, words) => `![${words}](${PICTURES}/${name}.svg)`;
const ATTRIBUTIONS = ['seeds', 'tuned'].map(
  (form) => `attribution-fastapi-${form}-to-bentoml-${form}-8-at-a-time-photographs`,
);
const RATES = ['latency-rate-onnx-f32-photographs', 'latency-rate-keras-f32-photographs'];
const OTHERS = ['percentiles-photographs', 'batch-cost-simulated-keras', 'batch-sizes-simulated-keras'];

const sections = [
  '# Results',
  `The published results, from one run of the ${manifest.profile} profile over all stacks in both forms: ${repeats} interleaved repeats in fresh processes, ${seconds} measured seconds a point or more, under every rule of the [method](method.md). [How to read it](results-guide.md).`,
  '```\nmake bench STACKS=all\nnode scripts/publish-run.mjs runs/NAME\n```',
  `Run at commit \`${String(environment.commit).slice(0, 7)}\`${environment.dirty ? ' (with changes)' : ''} on a virtual machine with ${environment.cpu_count} cores of an ${cpu} (${environment.cpu_flags.join(', ')}), server on one core, client on the other, Node ${environment.node}, Python ${environment.python}, kernel ${environment.kernel.split(' ')[1].split('-')[0]}; ${manifest.corpus.images} JPEG photographs of 224x224 as multipart; one thread of mathematics a stack. Intervals are 95 %, over the repeats.`,
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
  picture(RATES[0], 'Latency against the offered rate, ONNX Runtime'),
  picture(RATES[1], 'Latency against the offered rate, Keras'),
  picture(OTHERS[0], 'Latency by percentile'),
  '## A simulated Keras `predict` call',
  'servelab on a runtime that takes as long as a Keras call, so that only the batching policy differs; eight clients.',
  closedTable(closed('simulated-keras')),
  picture(OTHERS[1], 'What a batch costs by its size'),
  picture(OTHERS[2], 'Batch sizes that each policy formed'),
  ...attributionSection(report),
  picture(ATTRIBUTIONS[0], 'From FastAPI to BentoML in the seeds’ form'),
  picture(ATTRIBUTIONS[1], 'From FastAPI to BentoML, tuned'),
  ...besideTheSeeds(closed('photographs'), report.comparisons),
  '## What these numbers do not say',
  LIMITS.map((words) => `- ${words}`).join('\n'),
];
await writeFile(join(docs, 'results.md'), `${sections.join('\n\n')}\n`);
await rm(join(docs, PICTURES), { recursive: true, force: true });
await mkdir(join(docs, PICTURES), { recursive: true });
for (const name of [...RATES, ...OTHERS, ...ATTRIBUTIONS]) {
  await copyFile(join(folder, 'pictures', `${name}.svg`), join(docs, PICTURES, `${name}.svg`));
}
await publishReadme(report, folder);
