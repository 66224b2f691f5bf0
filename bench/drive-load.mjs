import { join } from 'node:path';
import { runDriver } from '@servelab/lab';
import { CLIENT_CPU } from './cores.mjs';

/**
 * A load from the client's core, without warm-up and without a check of the answers.
 *
 * @typedef {{url: string, images: object[], body: string, durationS: number, folder: string, cpus?: string}} Load
 *   with `url` of the server's root, a folder for the records, and other cores than the client's where it is to have others
 */
const drive = ({ url, images, body, durationS, folder, cpus = CLIENT_CPU }, load) =>
  runDriver(
    {
      url: new URL('/predict', url).href,
      adapter: { body },
      images,
      load,
      warmupUs: 0,
      durationUs: durationS * 1e6,
      timeoutUs: 10e6,
      graceUs: 5e6,
      seed: 1,
      checkShare: 0,
      recordsPath: join(folder, 'records.ndjson'),
    },
    { cpus },
  );

/**
 * A closed loop: users who ask again as soon as they are answered.
 *
 * @param {Load & {concurrency: number}} load
 */
export const driveClosed = ({ concurrency, ...load }) => drive(load, { mode: 'closed', concurrency });

/**
 * Poisson arrivals at a rate.
 *
 * @param {Load & {rateRps: number}} load
 */
export const driveOpen = ({ rateRps, ...load }) =>
  drive(load, { mode: 'open', rate_rps: rateRps, arrivals: 'poisson' });
