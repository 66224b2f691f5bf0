// The README's section "What it found": two tables, what they come to, and the picture of the report.
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { gainsOfTuning, holdsOne, speedups } from './comparison.mjs';
import { stat, table } from './tables.mjs';

const README = fileURLToPath(new URL('../../README.md', import.meta.url));
const PICTURE = fileURLToPath(new URL('../../docs/images/report.png', import.meta.url));
const [BEGIN, END] = ['<!-- results: scripts/publish-run.mjs -->', '<!-- end of results -->'];

const FRAMEWORKS = [
  ['FastAPI, no batching', (form) => `fastapi/${form}`],
  ['BentoML, its batching off', (form) => `bentoml/${form}:none`],
  ['BentoML', (form) => `bentoml/${form}`],
  ['Ray Serve', (form) => `rayserve/${form}`],
  ['LitServe', (form) => `litserve/${form}`],
];
const POLICIES = ['none', 'greedy', 'fixed-window', 'slo-adaptive', 'optimal'];

/** @param goodput of a stack at the closed level, by workload and name; undefined where it was not measured */
function readmeTables(goodput) {
  const of = (workload, name) => stat(goodput(workload, name) ?? { value: null });
  const frameworks = FRAMEWORKS.map(([words, name]) => [
    words,
    of('photographs', name('seeds')),
    of('photographs', name('tuned')),
  ]);
  const policies = POLICIES.map((policy) => [
    policy === 'optimal' ? '`optimal`, the default' : `\`${policy}\``,
    of('simulated-keras', `servelab:${policy}`),
    of('photographs', `servelab:${policy}`),
  ]);
  return [
    table(['framework', 'Keras `predict`, as in the seeds', 'ONNX Runtime f32, tuned'], frameworks),
    table(['servelab’s batching', 'a simulated Keras call', 'ONNX Runtime f32'], policies),
  ];
}

/** What becomes of BentoML's lead, in words. */
function readmeLead(attribution, goodput) {
  const find = speedups(attribution);
  const framework = find('fastapi/seeds', 'bentoml/seeds:none');
  const batching = find('bentoml/seeds:none', 'bentoml/seeds');
  const tunedBatching = find('bentoml/tuned:none', 'bentoml/tuned');
  if (framework === undefined || batching === undefined || tunedBatching === undefined) return [];
  const [least, most] = gainsOfTuning((name) => goodput('photographs', name));
  const lead = holdsOne(framework) ? 'BentoML’s lead over FastAPI in the seeds is its batching. ' : '';
  return [
    `${lead}In the seeds’ form BentoML without its batching does ${stat(framework)} times what FastAPI does, and its batching multiplies that by ${stat(batching)}: a Keras call costs about 100 ms for one image and 180 for eight. On a lean runtime eight images cost eight times one: every framework is ${least} to ${most} times faster, and BentoML’s batching multiplies by ${stat(tunedBatching)}.`,
  ];
}

/** Writes the section between its marks, and takes the picture. */
export async function publishReadme(report, folder) {
  const goodput = (workload, name) =>
    report.stacks
      .find((stack) => stack.workload === workload && stack.name === name)
      ?.points.find(({ load }) => load.mode === 'closed')?.goodput_rps;
  const [before, rest] = (await readFile(README, 'utf8')).split(BEGIN);
  const after = rest?.split(END)[1];
  if (after === undefined) throw new Error(`README.md lacks ${BEGIN} or ${END}`);
  const section = [...readmeTables(goodput), ...readmeLead(report.attribution, goodput)].join('\n\n');
  await writeFile(README, `${before}${BEGIN}\n${section}\n${END}${after}`);
  const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  const page = await browser.newPage({ viewport: { width: 1200, height: 1000 } });
  await page.goto(pathToFileURL(resolve(join(folder, 'report.html'))).href);
  await page.screenshot({ path: PICTURE });
  await browser.close();
}
