// Mean latency of every batching policy on the real server, at shares of its capacity: is `optimal` anywhere
// significantly worse than the best of the others? Server on one core, client on the other; in each round every policy
// gets a fresh process, in seeded random order, and the same Poisson arrivals; intervals are Student's t over the
// rounds' log ratios. Which other policy is the best is decided for each round on all the other rounds: the lowest of
// several noisy means is low by chance too. As many questions are asked at once as there are rows, so the last line
// corrects for that (Holm).
//
//   node bench/policies-real.mjs [--rounds 5] [--seconds 4] [--models f32,int8,keras] [--loads 0.3,0.6,0.8]
//                                [--policies none,greedy,fixed-window,slo-adaptive,optimal]
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { holmAdjusted, pairedDifference, seededRandom, shuffled } from '@servelab/core';
import { loadCorpus, runDriver } from '@servelab/lab';
import { CLIENT_CPU } from './cores.mjs';
import { pairedRatio } from './ratio.mjs';
import { withServedModel } from './served-model.mjs';
import { withFolder } from './with-folder.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
    models: { type: 'string', default: 'f32,int8,keras' },
    loads: { type: 'string', default: '0.3,0.6,0.8' },
    policies: { type: 'string', default: 'none,greedy,fixed-window,slo-adaptive,optimal' },
  },
});
/** `seconds`: a Keras call is slow, so that a longer window is needed for as many requests. */
const MODELS = {
  f32: { flags: ['--precision', 'f32'], stretch: 1 },
  int8: { flags: ['--precision', 'int8'], stretch: 1 },
  keras: { flags: ['--runtime', 'simulated', '--cost', 'keras-predict'], stretch: 3 },
};
const OURS = 'optimal';
/** Those asked for, and ours. */
const POLICIES = [...new Set([...values.policies.split(','), OURS])];
const WARMUP_S = 1.5;
/** Chance of even one false claim among all rows. */
const ALPHA = 0.05;
const loads = values.loads.split(',').map(Number);

const meanOf = (rounds, policy) => rounds.reduce((sum, means) => sum + means[policy], 0) / rounds.length;
const bestOther = (rounds) =>
  POLICIES.filter((policy) => policy !== OURS).reduce((a, b) =>
    meanOf(rounds, b) < meanOf(rounds, a) ? b : a,
  );

await withFolder(async (folder) => {
  const corpus = await loadCorpus({ mix: '224', seed: 1, environment: process.env });
  const images = corpus.images.map(({ path }) => ({ path, expectedClass: null }));
  const recordsPath = join(folder, 'records.ndjson');
  const drive = (url, load, seconds, seed) =>
    runDriver(
      {
        url: `${url}/predict`,
        adapter: { body: 'multipart' },
        ...{ images, load, seed, recordsPath },
        warmupUs: WARMUP_S * 1e6,
        durationUs: seconds * 1e6,
        timeoutUs: 20e6,
        graceUs: 20e6,
        checkShare: 0,
      },
      { cpus: CLIENT_CPU },
    );

  /** Mean latency from the scheduled moment over the measured part, ms. */
  async function meanMs(url, rate, seconds, seed) {
    const { counts } = await drive(url, { mode: 'open', rate_rps: rate, arrivals: 'poisson' }, seconds, seed);
    // A policy that cannot keep up at this rate is out of the race.
    if (counts.ok !== counts.scheduled) return Number.POSITIVE_INFINITY;
    const records = (await readFile(recordsPath, 'utf8')).trim().split('\n').map(JSON.parse);
    const measured = records.filter(({ phase }) => phase !== 'warmup');
    return (
      measured.reduce((sum, { done, scheduled }) => sum + (done - scheduled), 0) / measured.length / 1000
    );
  }

  const rows = [];
  console.log(`| model | load | req/s | ${POLICIES.join(' | ')} | ${OURS} / best other (95 %) |`);
  console.log(`| --- | ---: | ---: |${' ---: |'.repeat(POLICIES.length)} --- |`);
  for (const model of values.models.split(',')) {
    const { flags, stretch } = MODELS[model];
    const seconds = Number(values.seconds) * stretch;
    const capacity = await withServedModel([...flags, '--policy', 'greedy'], async (url) => {
      const { counts, measuredFromUs, measuredToUs } = await drive(
        url,
        { mode: 'closed', concurrency: 16 },
        seconds,
        1,
      );
      return (counts.ok / (measuredToUs - measuredFromUs)) * 1e6;
    });
    const found = Object.fromEntries(loads.map((load) => [load, []]));
    for (let round = 0; round < Number(values.rounds); round++) {
      const means = Object.fromEntries(loads.map((load) => [load, {}]));
      for (const policy of shuffled(POLICIES, seededRandom(round, model))) {
        await withServedModel([...flags, '--policy', policy], async (url) => {
          for (const load of loads)
            means[load][policy] = await meanMs(url, load * capacity, seconds, round + 1);
        });
      }
      for (const load of loads) found[load].push(means[load]);
    }
    for (const load of loads) {
      const rounds = found[load];
      const pairs = rounds.map((means, n) => [means[OURS], means[bestOther(rounds.toSpliced(n, 1))]]);
      const best = bestOther(rounds);
      const { ratio, low, high } = pairedRatio(pairs);
      rows.push({ name: `${model}, ${load * 100} %`, ratio, pValue: pairedDifference(pairs).pValue ?? 1 });
      const cells = POLICIES.map((policy) => meanOf(rounds, policy).toFixed(1)).join(' | ');
      console.log(
        `| ${model} | ${load * 100} % | ${(load * capacity).toFixed(1)} | ${cells} | ${ratio.toFixed(3)} of ${best} (${low.toFixed(3)} to ${high.toFixed(3)}) |`,
      );
    }
  }
  const adjusted = holmAdjusted(rows.map(({ pValue }) => pValue));
  const worse = rows.filter(({ ratio }, n) => ratio > 1 && adjusted[n] < ALPHA).map(({ name }) => name);
  const where = worse.length === 0 ? 'nowhere' : `at ${worse.join('; ')}`;
  console.log(`\n${OURS} is significantly worse than the best other policy: ${where}`);
});
