import type { Command } from '../command.js';
import { bench } from './bench.js';
import { doctor } from './doctor.js';
import { load } from './load.js';
import { loadtest } from './loadtest.js';
import { model } from './model.js';
import { report } from './report.js';
import { serve } from './serve.js';

/** In the order in which the help lists them. */
export const COMMANDS: readonly Command[] = [serve, model, bench, load, loadtest, report, doctor];
