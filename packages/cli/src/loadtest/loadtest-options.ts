import type { Options, OptionTable } from '@servelab/core';

export const LOADTEST_OPTIONS = {
  durationPerLevel: {
    type: 'string',
    default: '10s',
    placeholder: 'TIME',
    doc: 'Measured part of each level.',
  },
  concurrencyLevels: { type: 'list', default: ['1', '5', '10', '20'], doc: 'Closed-loop concurrencies.' },
  stacks: {
    type: 'list',
    default: null,
    doc: 'Stacks to test at their ports (default: those that answer, or servelab, started for it, if none does).',
  },
  tool: {
    type: 'string',
    default: 'servelab',
    choices: ['servelab', 'locust', 'k6'],
    doc: 'Who sends: our own driver, or Locust or k6, whose result files are then imported.',
  },
  targetUrl: {
    type: 'string',
    default: null,
    placeholder: 'URL',
    doc: 'With locust or k6: test the server at this address, which takes images at /predict, and no other.',
  },
  field: {
    type: 'string',
    default: 'file',
    placeholder: 'NAME',
    doc: 'With --target-url: name of the part in the form.',
  },
  rates: {
    type: 'list',
    default: [],
    doc: 'With k6: open loops at these rates, instead of the levels.',
  },
  locustProcesses: {
    type: 'integer',
    default: 1,
    min: 1,
    max: 256,
    doc: 'With locust: processes that send, a core for each.',
  },
  ui: {
    type: 'boolean',
    default: false,
    doc: 'With locust: its page on port 8089, until Ctrl-C, instead of the levels.',
  },
} as const satisfies OptionTable;

export type LoadTestOptions = Options<typeof LOADTEST_OPTIONS>;
