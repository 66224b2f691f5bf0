import { readFileSync } from 'node:fs';
import { afterEach, it } from 'vitest';
import { heldAgainst, middle } from './figures.js';
import { either } from './form.js';
import { onTheClock } from './on-the-clock.js';
import { NULL_SERVER, startTarget, type Target } from './target.js';

const S = 1e6;
const RATE_RPS = 15_000;
const REQUESTS = either(150_000, 1_800_000);
/** What a garbage collector leaves or takes between two looks. */
const LIMIT_MB = 16;
let target: Target;
afterEach(() => target?.stop());

/** Resident memory of the one child of this process that is not the server. */
function driverRssMb(): number {
  const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8')
    .split(' ')
    .filter(Boolean);
  const driver = children.find((pid) => Number(pid) !== target.server.pid);
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${driver}/status`, 'utf8'))?.[1]) / 1024;
}

it('drives a long load in constant memory: the record of each request has its place before the start', (context) =>
  onTheClock(context, async () => {
    context.skip(process.platform !== 'linux', 'resident memory is read from /proc, which only Linux has');
    target = await startTarget(NULL_SERVER);
    const looks: { share: number; rssMb: number }[] = [];
    const { counts } = await target.drive(
      {
        load: { mode: 'open', rate_rps: RATE_RPS, arrivals: 'constant' },
        durationUs: (REQUESTS / RATE_RPS) * S,
      },
      {
        onProgress: ({ elapsedUs, totalUs }) => {
          if (elapsedUs < totalUs) looks.push({ share: elapsedUs / totalUs, rssMb: driverRssMb() });
        },
      },
    );
    // The heap itself grows to its working size first, with Node 22 by some 18 MB within five seconds.
    const later = looks.filter(({ share }) => share >= 0.5).map(({ rssMb }) => rssMb);
    // Of a machine too busy for looks nothing is known.
    const growthMb = later.length < 2 ? Number.NaN : middle(later.slice(-3)) - middle(later.slice(0, 3));
    const what = `driver's memory, ${REQUESTS} requests: growth in the second half`;
    return [
      heldAgainst(what, growthMb, { to: LIMIT_MB, unit: 'MB' }),
      heldAgainst(`driver's memory: requests of ${REQUESTS} without an answer`, REQUESTS - counts.ok, {
        to: 0,
      }),
    ];
  }));
