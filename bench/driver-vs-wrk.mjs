// Closed-loop POSTs/s of the load driver, records on, against those of wrk: the same 24 kB body, the same
// null server on the other core, rounds interleaved in turned order. Since the null server may be the
// bottleneck of both, the CPU time a POST costs each client is printed too: its inverse is the client's
// own ceiling, and the ratio of the ceilings cannot be flattered by a slow server.
//
//   node bench/driver-vs-wrk.mjs [--seconds 3] [--rounds 5] [--concurrency 32]
import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runDriver } from '@servelab/lab';
import { BODY_BYTES, CLIENT_CPU, withNullTarget } from './null-target.mjs';
import { pairedRatio } from './ratio.mjs';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '5' },
    concurrency: { type: 'string', default: '32' },
  },
});
const seconds = Number(values.seconds);
const rounds = Number(values.rounds);
const concurrency = Number(values.concurrency);
const TICKS_PER_S = 100;

async function byDriver({ url, bodyPath, folder }) {
  const { counts, cpuS, startedUs, endedUs } = await runDriver(
    {
      url,
      adapter: { body: 'raw' },
      images: [{ path: bodyPath, expectedClass: null }],
      load: { mode: 'closed', concurrency },
      warmupUs: 0,
      durationUs: seconds * 1e6,
      timeoutUs: 5e6,
      graceUs: 1e6,
      seed: 1,
      checkShare: 0,
      recordsPath: join(folder, 'records.ndjson'),
    },
    { cpus: CLIENT_CPU },
  );
  return { rate: (counts.ok / (endedUs - startedUs)) * 1e6, cpuUs: (cpuS * 1e6) / counts.ok };
}

async function byWrk({ url, folder }) {
  const script = join(folder, 'post.lua');
  await writeFile(
    script,
    `wrk.method = "POST"\nwrk.body = string.rep("x", ${BODY_BYTES})\nwrk.headers["content-type"] = "image/jpeg"\n`,
  );
  const wrk = `taskset -c ${CLIENT_CPU} wrk -t1 -c${concurrency} -d${seconds}s -s ${script} ${url}`;
  const output = await run('bash', ['-c', `TIMEFORMAT='cpu %U %S'; time ${wrk}`]);
  const requests = Number(/(\d+) requests in/.exec(output)?.[1]);
  const [, user, system] = /cpu ([\d.]+) ([\d.]+)/.exec(output) ?? [];
  const rate = Number(/Requests\/sec:\s+([\d.]+)/.exec(output)?.[1]);
  if (!(rate > 0)) throw new Error(`wrk gave no rate; is it installed?\n${output}`);
  return { rate, cpuUs: ((Number(user) + Number(system)) * 1e6) / requests };
}

function run(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    child.on('error', reject).on('close', () => resolve(output));
  });
}

async function serverBusy(pid, work) {
  const ticks = async () => {
    const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1].split(' ');
    return Number(fields[11]) + Number(fields[12]);
  };
  const [before, startedMs] = [await ticks(), performance.now()];
  const result = await work();
  const busy = (((await ticks()) - before) / TICKS_PER_S / (performance.now() - startedMs)) * 1000;
  return { ...result, busy };
}

/** Driver over wrk in one figure, with its 95 % interval, as text. */
function ratioOf(pairs, pick) {
  const { ratio, low, high } = pairedRatio(pairs.map(([driver, wrk]) => [pick(driver), pick(wrk)]));
  return [ratio, low, high].map((x) => x.toFixed(2));
}

const clients = { driver: byDriver, wrk: byWrk };
await withNullTarget(async (target) => {
  const pairs = [];
  await byDriver(target); // the null server's code is compiled by then
  for (let round = 0; round < rounds; round++) {
    const result = {};
    for (const name of round % 2 === 0 ? ['driver', 'wrk'] : ['wrk', 'driver']) {
      result[name] = await serverBusy(target.serverPid, () => clients[name](target));
      const { rate, cpuUs, busy } = result[name];
      console.log(
        `${name.padEnd(6)} ${rate.toFixed(0).padStart(6)} POST/s  client CPU ${cpuUs.toFixed(1)} us a POST  server busy ${(busy * 100).toFixed(0)} %`,
      );
    }
    pairs.push([result.driver, result.wrk]);
  }
  const [rate, low, high] = ratioOf(pairs, ({ rate }) => rate);
  const [cpu, cpuLow, cpuHigh] = ratioOf(pairs, ({ cpuUs }) => 1 / cpuUs);
  console.log(`driver / wrk, POST/s: ${rate} (95 % ${low} to ${high}); required 0.40`);
  console.log(`driver / wrk, POSTs a CPU second: ${cpu} (95 % ${cpuLow} to ${cpuHigh})`);
  if (Number(rate) < 0.4) process.exitCode = 1;
});
