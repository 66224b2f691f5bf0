import { BENCH_OPTIONS } from '@servelab/lab/bench-options';
import { SERVE_OPTIONS } from '@servelab/serve/serve-options';
import { type Command, defineCommand } from '../command.js';
import { COMPARE_OPTIONS } from '../compare/compare-options.js';
import { IMAGES_OPTIONS } from '../images/images-options.js';
import { JSON_ALONE } from '../json-option.js';
import { LOAD_OPTIONS } from '../load/load-options.js';
import { LOADTEST_OPTIONS } from '../loadtest/loadtest-options.js';
import { MODEL_OPTIONS } from '../model/model-options.js';
import { REPORT_OPTIONS } from '../report/report-options.js';
import { STACKS_OPTIONS } from '../stacks/stacks-options.js';

/** In the order in which the help lists them. */
export const COMMANDS: readonly Command[] = [
  defineCommand({
    name: 'serve',
    summary: 'Serve a model over HTTP.',
    positionals: '',
    options: SERVE_OPTIONS,
    configSection: 'serve',
    load: async () => (await import('./serve.js')).serve,
  }),
  defineCommand({
    name: 'model',
    summary: 'Fetch, convert, show and verify models.',
    positionals: 'list|add|pull|info|verify [NAME|MANIFEST]',
    options: MODEL_OPTIONS,
    load: async () => (await import('./model.js')).model,
  }),
  defineCommand({
    name: 'stacks',
    summary: 'List, install and start the stacks: the Python peers, and servelab itself.',
    positionals: 'list|setup [NAME...]|start NAME[/form][@precision]',
    options: STACKS_OPTIONS,
    load: async () => (await import('./stacks.js')).stacks,
  }),
  defineCommand({
    name: 'bench',
    summary: 'Compare stacks side by side on the same model, images and load; ends in a report.',
    positionals: '',
    options: BENCH_OPTIONS,
    configSection: 'bench',
    load: async () => (await import('./bench.js')).bench,
  }),
  defineCommand({
    name: 'load',
    summary: 'Put load on any endpoint that takes images, and measure it.',
    positionals: '[URL]',
    options: LOAD_OPTIONS,
    configSection: 'load',
    load: async () => (await import('./load.js')).load,
  }),
  defineCommand({
    name: 'loadtest',
    summary:
      'Load-test the stacks that run at their ports, by itself or through Locust or k6; writes into tmp/.',
    positionals: '',
    options: LOADTEST_OPTIONS,
    configSection: 'loadtest',
    load: async () => (await import('./loadtest.js')).loadtest,
  }),
  defineCommand({
    name: 'images',
    summary: 'Make the images that load tests send, and say where they lie.',
    positionals: '',
    options: IMAGES_OPTIONS,
    load: async () => (await import('./images.js')).images,
  }),
  defineCommand({
    name: 'report',
    summary: "Write the report of a run again from its raw records, or one of other tools' result files.",
    positionals: 'RUN_DIR | import FILE...',
    options: REPORT_OPTIONS,
    load: async () => (await import('./report.js')).report,
  }),
  defineCommand({
    name: 'compare',
    summary: 'Compare two runs, as the gate of a pull request: did anything become slower?',
    positionals: 'RUN_A RUN_B',
    options: COMPARE_OPTIONS,
    load: async () => (await import('./compare.js')).compare,
  }),
  defineCommand({
    name: 'smoke',
    summary: 'Run each image as its manifest says: does it start, answer, refuse and end as it should?',
    positionals: '[IMAGE...]',
    options: JSON_ALONE,
    load: async () => (await import('./smoke.js')).smoke,
  }),
  defineCommand({
    name: 'doctor',
    summary: 'Say what this machine has and lacks, and what to do.',
    positionals: '',
    options: JSON_ALONE,
    load: async () => (await import('./doctor.js')).doctor,
  }),
];
