// How late the driver fires: lag = fired - scheduled, at a constant rate against the null server on the
// other core. The last stretch to each moment is spun, so the driver wants its core for itself.
//
//   node bench/send-lag.mjs [--rate 1000] [--seconds 5]
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readRecords, runDriver } from '@servelab/lab';
import { CLIENT_CPU, withNullTarget } from './null-target.mjs';

const { values } = parseArgs({
  options: { rate: { type: 'string', default: '1000' }, seconds: { type: 'string', default: '5' } },
});
const LIMIT_US = 100;

await withNullTarget(async ({ url, bodyPath, folder }) => {
  const result = await runDriver(
    {
      url,
      adapter: { body: 'raw' },
      images: [{ path: bodyPath, expectedClass: null }],
      load: { mode: 'open', rate_rps: Number(values.rate), arrivals: 'constant' },
      warmupUs: 1e6,
      durationUs: Number(values.seconds) * 1e6,
      timeoutUs: 5e6,
      graceUs: 1e6,
      seed: 1,
      checkShare: 0,
      recordsPath: join(folder, 'records.ndjson'),
    },
    { cpus: CLIENT_CPU },
  );
  const records = (await readRecords(result.recordsPath)).filter(({ phase }) => phase === 'measured');
  const lagUs = records.map(({ fired, scheduled }) => fired - scheduled).toSorted((a, b) => a - b);
  const at = (q) => lagUs[Math.ceil(q * lagUs.length) - 1];
  console.log(`${result.counts.ok} of ${result.counts.scheduled} answered at ${values.rate}/s`);
  console.log(`lag us: p50 ${at(0.5)}  p90 ${at(0.9)}  p99 ${at(0.99)}  p99.9 ${at(0.999)}  max ${at(1)}`);
  console.log(`event loop busy without spinning: ${(result.utilisation * 100).toFixed(1)} %`);
  console.log(`lag p50 ${at(0.5)} us; required below ${LIMIT_US} us`);
  if (at(0.5) >= LIMIT_US) process.exitCode = 1;
});
