import { readFileSync } from 'node:fs';
import { afterEach, it } from 'vitest';
import { heldAgainst } from './figures.js';
import { either } from './form.js';
import { onTheClock } from './on-the-clock.js';
import { NULL_SERVER, startTarget, type Target } from './target.js';

const S = 1e6;
/** Less than driver and server keep up with: a backlog takes memory too, and is no leak. */
const RATE_RPS = 10_000;
/** Enough that old objects are collected in both halves: until then they take some 30 MB. */
const REQUESTS = either(300_000, 1_800_000);
const LOOK_EVERY_MS = 200;
/** The heap itself grows to its working size first, with Node 22 by some 18 MB within five seconds. */
const WORKING_SIZE_LOOKS = 5000 / LOOK_EVERY_MS;
/** What a collection leaves, now more and now less. */
const LIMIT_MB = 16;
let target: Target;
let looks: Looks;
afterEach(async () => {
  looks?.stop();
  await target?.stop();
});

/** Resident memory of the one child of this process that is not the server; null where it has ended. */
function driverRssMb(): number | null {
  const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8')
    .split(' ')
    .filter(Boolean);
  const driver = children.find((pid) => Number(pid) !== target.server.pid);
  if (driver === undefined) return null;
  // A process that has ended and was not yet waited for has no such line.
  const kB = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${driver}/status`, 'utf8'))?.[1];
  return kB === undefined ? null : Number(kB) / 1024;
}

/** Looks at the driver while it sends, from here: with much to send it reports its own progress late. */
class Looks {
  private readonly rssMb: number[] = [];
  private timer: NodeJS.Timeout | undefined;

  readonly onPhase = (phase: string): void => {
    this.stop();
    if (phase === 'measured') this.timer = setInterval(() => this.look(), LOOK_EVERY_MS);
  };

  stop(): void {
    clearInterval(this.timer);
  }

  /** Of the lowest point in the second half over that in the first; NaN where one of them was not looked at. */
  growthMb(): number {
    const half = Math.ceil(this.rssMb.length / 2);
    const halves = [this.rssMb.slice(WORKING_SIZE_LOOKS, half), this.rssMb.slice(half)];
    const [before = Number.NaN, after = Number.NaN] = halves.map((looks) =>
      looks.length === 0 ? Number.NaN : Math.min(...looks),
    );
    return after - before;
  }

  private look(): void {
    const rssMb = driverRssMb();
    if (rssMb !== null) this.rssMb.push(rssMb);
  }
}

it('drives a long load in constant memory: the record of each request has its place before the start', (context) =>
  onTheClock(context, async () => {
    context.skip(process.platform !== 'linux', 'resident memory is read from /proc, which only Linux has');
    target = await startTarget(NULL_SERVER);
    looks = new Looks();
    const { counts } = await target.drive(
      {
        load: { mode: 'open', rate_rps: RATE_RPS, arrivals: 'constant' },
        durationUs: (REQUESTS / RATE_RPS) * S,
      },
      { onPhase: looks.onPhase },
    );
    const what = `driver's memory, ${REQUESTS} requests: growth in the second half`;
    return [
      heldAgainst(what, looks.growthMb(), { to: LIMIT_MB, unit: 'MB' }),
      heldAgainst(`driver's memory: requests of ${REQUESTS} without an answer`, REQUESTS - counts.ok, {
        to: 0,
      }),
    ];
  }));
