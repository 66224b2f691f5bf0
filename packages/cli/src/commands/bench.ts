import { EXIT, hideCredentials, type Report, UserError } from '@servelab/core';
import {
  type BENCH_OPTIONS,
  type BenchRequest,
  findCores,
  knownPhotographs,
  moveToClientCores,
  PEER_TITLES,
  planExperiment,
  pythonVersion,
  readOwnServers,
  runExperiment,
  SERVELAB_STACKS,
  takeFingerprint,
  terminalSummary,
  understandBench,
  writeReports,
} from '@servelab/lab';
import { abortable, checkoutOf } from '@servelab/node';
import { obtainImages } from '../bench/obtain-images.js';
import { obtainPeers } from '../bench/obtain-peers.js';
import { progressView } from '../bench/progress-view.js';
import type { Invocation, Terminal } from '../command.js';
import { obtainModel } from '../model/obtain-model.js';
import { serveCommand } from '../serve-command.js';

/** So that nobody takes a comparison of servelab with itself for the whole of it. */
const PEERS_LEFT_OUT = `Left out: ${PEER_TITLES}. "make bench STACKS=all" compares them too; it needs Python 3.11 or uv.`;

export async function bench({
  options,
  configFile,
  terminal,
  signal,
}: Invocation<typeof BENCH_OPTIONS>): Promise<number> {
  const ownServers = readOwnServers(configFile.section('stacks'), configFile.folder);
  const prepared = await prepare(understandBench(options, ownServers), terminal, signal);
  if (prepared === null) return EXIT.interrupted;
  const { request, model, corpus, peers } = prepared;
  // Only now: what was installed and built above had every core.
  const cores = await abortable(signal, findCores);
  if (!cores.pinned) terminal.err(`VALID_UNPINNED at best: ${cores.reason}.`);
  await moveToClientCores(cores);
  const checkout = checkoutOf(import.meta.url);
  const plan = planExperiment(request, {
    startedAt: new Date(),
    command: [
      ...(checkout === null ? ['npx', 'servelab'] : ['./servelab']),
      ...process.argv.slice(2).map(hideCredentials),
    ].join(' '),
    serveCommand: serveCommand(),
    model: model.identity,
    peers: peers.parts,
    corpus,
    photographs: await abortable(signal, () => knownPhotographs(terminal.environment)),
    cores,
    environment: {
      ...(await abortable(signal, () => takeFingerprint(checkout, cores))),
      python: await abortable(signal, () => pythonVersion(peers.parts?.environments ?? {})),
    },
  });
  const view = progressView(terminal);
  const manifest = await runExperiment(plan, view.observe, signal).finally(view.end);
  if (manifest.points.length === 0) return nothingMeasured(manifest.interrupted, plan.runDir);
  const report = await writeReports(plan.runDir);
  if (peers.leftOut !== null) terminal.err(peers.leftOut);
  conclude(report, plan.runDir, options.json, terminal);
  if (manifest.interrupted) return EXIT.interrupted;
  return options.strict && report.verdict.status === 'INVALID' ? EXIT.thresholdFailed : EXIT.ok;
}

/** Model, images and peers are had before anything is measured; null when that was interrupted. */
async function prepare(asked: BenchRequest, terminal: Terminal, signal: AbortSignal) {
  const { options, stacks } = asked;
  try {
    if (options.stacks === SERVELAB_STACKS) terminal.err(PEERS_LEFT_OUT);
    const model = await obtainModel(new Set(stacks.map(({ precision }) => precision)), terminal, signal);
    const corpus = await obtainImages(options.mix, options.seed, terminal, signal);
    const peers = await obtainPeers(asked, model, terminal, signal);
    return { request: peers.request, model, corpus, peers };
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  }
}

function conclude(report: Report, runDir: string, json: boolean, terminal: Terminal): void {
  if (json) {
    terminal.out(JSON.stringify(report, null, 2));
    return;
  }
  terminal.out(terminalSummary(report));
  if (report.verdict.status === 'INVALID') {
    terminal.out(`\nINVALID: ${report.verdict.reasons.join('; ')}`);
  }
  terminal.out(`verdict: ${report.verdict.sentence}`);
  terminal.out(`report: ${runDir}/report.html`);
}

function nothingMeasured(interrupted: boolean, runDir: string): number {
  if (interrupted) return EXIT.interrupted;
  throw new UserError(
    'no stack could be measured',
    `See the ends of their logs above and in ${runDir}/run.json; "servelab doctor" looks at the machine.`,
    EXIT.environment,
  );
}
