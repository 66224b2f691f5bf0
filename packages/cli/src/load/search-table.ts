import { alignedTable, type RateSearchResult, type RateTry, type Slo } from '@servelab/lab';
import { errorLines } from './error-rows.js';

/** The lasting line of one window, while the search goes on. */
export function tryLine({ rate_rps, outcome, reasons, ...tried }: RateTry, slo: Slo): string {
  const why = reasons.length === 0 ? '' : `  ${reasons.join('; ')}`;
  return `${outcome.padEnd(8)}${rate(rate_rps)} req/s  ${percentileName(slo)} ${latency(tried)} ms${why}`;
}

/** The answer and all windows it rests on, for a person. */
export function searchTable(target: string, slo: Slo, result: RateSearchResult): string {
  const header = ['rate req/s', 'ok/s', `${percentileName(slo)} ms`, 'on time', 'requests', 'outcome'];
  const rows = result.tries.map((tried) => [
    rate(tried.rate_rps),
    rate(tried.throughput_rps),
    latency(tried),
    `${(100 * tried.on_time_share).toFixed(1)} %`,
    String(tried.scheduled),
    [tried.outcome, ...tried.reasons.slice(0, 1)].join(': '),
  ]);
  const wordColumn = header.length - 1;
  return [
    `target  ${target}`,
    `SLO     ${slo.text}`,
    '',
    alignedTable([header, ...rows], [wordColumn]),
    '',
    answer(slo, result),
    ...result.tries.flatMap((tried) => errorLines(`${rate(tried.rate_rps)} req/s`, tried)),
  ].join('\n');
}

function answer({ text }: Slo, { passRps, failRps, end, tries }: RateSearchResult): string {
  const highest = passRps === null ? 'no rate held it' : `${rate(passRps)} req/s holds it`;
  switch (end) {
    case 'found':
      return `highest rate under ${text}: between ${rate(passRps ?? 0)} (holds) and ${rate(failRps ?? 0)} req/s (fails)`;
    case 'holds-highest':
      return `${rate(passRps ?? 0)} req/s holds ${text}, and that is the highest rate this load can have`;
    case 'fails-lowest':
      return `${rate(failRps ?? 0)} req/s fails ${text}, and a lower rate brings too few requests: lengthen --duration, or loosen the SLO`;
    case 'client-limit':
      return `not found: at ${rate(tries.findLast(({ outcome }) => outcome === 'invalid')?.rate_rps ?? 0)} req/s the client is the limit, not the server (see its reason above); ${highest}. Run the client on another machine.`;
    case 'out-of-tries':
      return `not found in ${tries.length} windows: the server, or this machine, is too unsteady; ${highest}. Lengthen --duration.`;
    case 'interrupted':
      return `interrupted; ${highest}`;
  }
}

/** `p99` of `p99<=250ms`. */
const percentileName = ({ text }: Slo): string => text.split('<=')[0]?.trim() ?? text;

const latency = ({ latency_ms, censored }: Pick<RateTry, 'latency_ms' | 'censored'>): string =>
  latency_ms === null ? '-' : `${censored ? '>=' : ''}${latency_ms.toFixed(1)}`;

const rate = (rateRps: number): string => String(Number(rateRps.toPrecision(4)));
