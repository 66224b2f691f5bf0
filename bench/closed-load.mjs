import { join } from 'node:path';
import { runDriver } from '@servelab/lab';
import { CLIENT_CPU } from './cores.mjs';

/**
 * A closed loop from the client's core: users who ask again as soon as they are answered. Neither warm-up nor check of
 * the answers.
 *
 * @param {{url: string, images: object[], body: string, concurrency: number, durationS: number, folder: string, cpus?: string}} load
 *   with `url` of the server's root, a folder for the records, and other cores than the client's where it is to have others
 */
export const driveClosed = ({ url, images, body, concurrency, durationS, folder, cpus = CLIENT_CPU }) =>
  runDriver(
    {
      url: new URL('/predict', url).href,
      adapter: { body },
      images,
      load: { mode: 'closed', concurrency },
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
