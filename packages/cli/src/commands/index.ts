import type { Command } from '../command.js';

/** A command that is known by name and loaded when it is called: each needs libraries that others do not. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  load(): Promise<Command>;
}

/** In the order in which the help lists them. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'serve',
    summary: 'Serve a model over HTTP.',
    load: async () => (await import('./serve.js')).serve,
  },
  {
    name: 'model',
    summary: 'Fetch, convert, show and verify models.',
    load: async () => (await import('./model.js')).model,
  },
  {
    name: 'stacks',
    summary: 'List, install and start the stacks: the Python peers, and servelab itself.',
    load: async () => (await import('./stacks.js')).stacks,
  },
  {
    name: 'bench',
    summary: 'Compare stacks side by side on the same model, images and load; ends in a report.',
    load: async () => (await import('./bench.js')).bench,
  },
  {
    name: 'load',
    summary: 'Put load on any endpoint that takes images, and measure it.',
    load: async () => (await import('./load.js')).load,
  },
  {
    name: 'loadtest',
    summary:
      'Load-test the stacks that run at their ports, by itself or through Locust or k6; writes into tmp/.',
    load: async () => (await import('./loadtest.js')).loadtest,
  },
  {
    name: 'images',
    summary: 'Make the images that load tests send, and say where they lie.',
    load: async () => (await import('./images.js')).images,
  },
  {
    name: 'report',
    summary: "Write the report of a run again from its raw records, or one of other tools' result files.",
    load: async () => (await import('./report.js')).report,
  },
  {
    name: 'compare',
    summary: 'Compare two runs, as the gate of a pull request: did anything become slower?',
    load: async () => (await import('./compare.js')).compare,
  },
  {
    name: 'smoke',
    summary: 'Run each image as its manifest says: does it start, answer, refuse and end as it should?',
    load: async () => (await import('./smoke.js')).smoke,
  },
  {
    name: 'doctor',
    summary: 'Say what this machine has and lacks, and what to do.',
    load: async () => (await import('./doctor.js')).doctor,
  },
];
