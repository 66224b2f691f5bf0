import { execFile, spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BODY_BYTES, type Target } from './target.js';

// Load generators that others wrote. They send the same POST as the lab's driver, from the same core.

export interface Latency {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const execute = promisify(execFile);
const installed = (program: string, question: string) => spawnSync(program, [question]).error === undefined;

/** Why a generator cannot be asked; null where it can. */
export const MISSING = {
  wrk: installed('wrk', '-v') ? null : 'wrk is not installed: apt-get install wrk',
  k6: installed('k6', 'version') ? null : 'k6 is not installed: go install go.k6.io/k6@v1.8.1',
};

const onClientCores = ({ clientCpus }: Target, command: readonly string[]): string[] =>
  clientCpus === undefined ? [...command] : ['taskset', '-c', clientCpus, ...command];

/** A closed loop: wrk knows no rate. `cpuS` is what wrk itself used. */
export async function runWrk(
  target: Target,
  concurrency: number,
  seconds: number,
): Promise<Latency & { requests: number; rateRps: number; cpuS: number }> {
  const script = join(target.folder, 'post.lua');
  await writeFile(
    script,
    `wrk.method = "POST"\nwrk.body = string.rep("x", ${BODY_BYTES})\nwrk.headers["content-type"] = "image/jpeg"\n`,
  );
  const options = ['-t1', `-c${concurrency}`, `-d${seconds}s`, '--latency', '-s', script, target.url];
  const wrk = onClientCores(target, ['wrk', ...options]).join(' ');
  const { stdout, stderr } = await execute('bash', ['-c', `TIMEFORMAT='cpu %U %S'; time ${wrk}`]);
  const found = (pattern: RegExp, text = stdout) => pattern.exec(text)?.slice(1) ?? [];
  const [user, system] = found(/cpu ([\d.]+) ([\d.]+)/, stderr).map(Number);
  return {
    p50Ms: durationMs(found(/50%\s+([\d.]+)(us|ms|s)/)),
    p99Ms: durationMs(found(/99%\s+([\d.]+)(us|ms|s)/)),
    requests: Number(found(/(\d+) requests in/)[0]),
    rateRps: Number(found(/Requests\/sec:\s+([\d.]+)/)[0]),
    cpuS: (user ?? Number.NaN) + (system ?? Number.NaN),
  };
}

const UNITS_MS: Record<string, number> = { us: 1e-3, ms: 1, s: 1000 };
const durationMs = ([value, unit = '']: string[]): number => Number(value) * (UNITS_MS[unit] ?? Number.NaN);

/** An open loop with constant arrivals. k6 times a request from its send, which is on time here. */
export async function runK6(target: Target, rateRps: number, seconds: number): Promise<Latency> {
  const [script, summary] = ['open.js', 'summary.json'].map((name) => join(target.folder, name));
  await writeFile(
    script as string,
    `import http from 'k6/http';
const body = 'x'.repeat(${BODY_BYTES});
export const options = {
  discardResponseBodies: true,
  summaryTrendStats: ['p(50)', 'p(99)'],
  scenarios: {
    open: {
      executor: 'constant-arrival-rate',
      rate: ${rateRps}, timeUnit: '1s', duration: '${seconds}s',
      preAllocatedVUs: ${rateRps},
    },
  },
};
export default () => http.post('${target.url}', body, { headers: { 'content-type': 'image/jpeg' } });
`,
  );
  const options = ['--quiet', '--no-usage-report', '--address', '127.0.0.1:0', '--summary-export', summary];
  const [program = '', ...words] = onClientCores(target, [
    'k6',
    'run',
    ...(options as string[]),
    script as string,
  ]);
  await execute(program, words);
  const { metrics } = JSON.parse(await readFile(summary as string, 'utf8'));
  const { 'p(50)': p50Ms, 'p(99)': p99Ms } = metrics.http_req_duration;
  return { p50Ms, p99Ms };
}
