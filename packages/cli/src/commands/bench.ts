import { fileURLToPath } from 'node:url';
import { EXIT, type Report, UserError } from '@servelab/core';
import {
  BENCH_OPTIONS,
  findCores,
  knownPhotographs,
  moveToClientCores,
  planExperiment,
  runExperiment,
  takeFingerprint,
  terminalSummary,
  understandBench,
  writeReports,
} from '@servelab/lab';
import { obtainImages } from '../bench/obtain-images.js';
import { obtainModel } from '../bench/obtain-model.js';
import { progressView } from '../bench/progress-view.js';
import { defineCommand, type Terminal } from '../command.js';
import { serveCommand } from '../serve-command.js';

const CHECKOUT = fileURLToPath(new URL('../../../../', import.meta.url));

export const bench = defineCommand({
  positionals: '',
  options: BENCH_OPTIONS,
  configSection: 'bench',
  async run({ options, terminal, signal }) {
    const request = understandBench(options);
    const cores = await findCores();
    if (!cores.pinned) terminal.err(`VALID_UNPINNED at best: ${cores.reason}.`);
    await moveToClientCores(cores);
    const model = await obtainModel(
      new Set(request.stacks.map(({ precision }) => precision)),
      terminal,
      signal,
    );
    const corpus = await obtainImages(options.mix, options.seed, terminal);
    const plan = planExperiment(request, {
      startedAt: new Date(),
      command: ['./servelab', ...process.argv.slice(2)].join(' '),
      serveCommand: serveCommand(),
      model: model.identity,
      peers: null,
      corpus,
      photographs: await knownPhotographs(terminal.environment),
      cores,
      environment: await takeFingerprint(CHECKOUT, cores),
    });
    const observe = progressView(terminal, (text) => void process.stderr.write(text));
    const manifest = await runExperiment(plan, observe, signal);
    if (manifest.points.length === 0) return nothingMeasured(manifest.interrupted, plan.runDir);
    const report = await writeReports(plan.runDir);
    conclude(report, plan.runDir, options.json, terminal);
    if (manifest.interrupted) return EXIT.interrupted;
    return options.strict && report.verdict.status === 'INVALID' ? EXIT.thresholdFailed : EXIT.ok;
  },
});

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
