import { afterEach, describe, expect, it } from 'vitest';
import { manyScanJpeg } from '../../../../test/fixtures/many-scan-jpeg.js';
import type { ProcessLoss } from './place.js';
import type { BatchOrder } from './protocol.js';
import { WorkerPlace } from './worker-place.js';

const INPUT_SIZE = 32;
/** Decoded on the worker's own thread at once. */
const QUICK = manyScanJpeg(INPUT_SIZE, INPUT_SIZE, 1);
/** Half a second and more on any machine. */
const SLOW = manyScanJpeg(7000, 7000, 50);

const SETUP = {
  runtime: { kind: 'simulated', inputSize: INPUT_SIZE, classCount: 10, costMs: [1], occupies: 'device' },
  devices: [],
  maxBatchSize: 4,
  maxImagePixels: 50_000_000,
  maxImageSide: 16_384,
  exactDecode: false,
} as const;

/** Image n of the batch is n. */
const orderOf = (batch: number, ...files: readonly Uint8Array[]): BatchOrder => ({
  batch,
  images: files.map((bytes, image) => ({ image, bytes })),
  ahead: [],
});

interface Event {
  readonly kind: 'ready' | 'done' | ProcessLoss['kind'];
  readonly loss?: ProcessLoss;
  readonly failures?: number;
  /** Whether a process was there when it happened. */
  readonly hasProcess: boolean;
}

/** A place and what happens to it, one at a time. */
class WatchedPlace {
  readonly #events: Event[] = [];
  #arrived: (() => void) | undefined;
  readonly place: WorkerPlace;

  constructor(decodeTimeoutMs: number, decodeThreads = 0, timeoutMs = 60_000) {
    const see = (event: Omit<Event, 'hasProcess'>) => {
      this.#events.push({ ...event, hasProcess: this.place.pid !== undefined });
      this.#arrived?.();
    };
    this.place = new WorkerPlace(
      { setup: { ...SETUP, decodeTimeoutMs, decodeThreads }, arena: null, timeoutMs },
      {
        ready: () => see({ kind: 'ready' }),
        done: () => see({ kind: 'done' }),
        lost: (loss, failures) => see({ kind: loss.kind, loss, failures }),
        openFailed: () => {},
      },
    );
    this.place.start(false);
  }

  async next(): Promise<Event> {
    while (this.#events.length === 0) {
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
    }
    return this.#events.shift() as Event;
  }
}

let watched: WatchedPlace;
afterEach(() => watched.place.close());

describe.each([0, 2])('an image that takes too long to decode on %d threads', (decodeThreads) => {
  it('costs its worker, which is replaced at once and is not held against the place', async () => {
    watched = new WatchedPlace(50, decodeThreads);
    for (let n = 0; n < 3; n++) {
      expect(await watched.next()).toMatchObject({ kind: 'ready' });
      watched.place.run(orderOf(n, QUICK, SLOW, QUICK));
      // The successor has been started by then: no delay, whatever the machine's speed.
      expect(await watched.next()).toMatchObject({
        kind: 'decode-timed-out',
        loss: { image: 1, cause: 'took more than 50 ms to decode an image' },
        failures: 0,
        hasProcess: true,
      });
    }
    expect(await watched.next()).toMatchObject({ kind: 'ready' });
    process.kill(watched.place.pid ?? 0, 'SIGKILL');
    expect(await watched.next()).toMatchObject({ kind: 'ended', failures: 1, hasProcess: false });
  });

  it('but within the limit is answered, and the clock is that of each image alone', async () => {
    watched = new WatchedPlace(120_000, decodeThreads);
    await watched.next();
    watched.place.run(orderOf(1, SLOW, QUICK));
    expect(await watched.next()).toMatchObject({ kind: 'done' });
  });
});

it('a worker that does not answer in its time is told apart from one that ended', async () => {
  watched = new WatchedPlace(60_000, 0, 200);
  await watched.next();
  process.kill(watched.place.pid ?? 0, 'SIGSTOP');
  watched.place.run(orderOf(1, QUICK));
  expect(await watched.next()).toMatchObject({ kind: 'timed-out', failures: 1 });
});
