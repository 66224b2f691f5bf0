/** Entry of a decoding thread: files come in, what became of them goes out, and the pixels lie where they are wanted. */
import { parentPort, workerData } from 'node:worker_threads';
import { monotonicNowUs, usToMs } from '@servelab/core';
import { createDecoder } from '../../decode/decoder.js';
import { PixelBudget } from '../../decode/pixel-budget.js';
import {
  type DecodeTask,
  type DecodeTaskDone,
  type DecodeThreadSetup,
  LOADED,
  NO_MORE_TASKS,
} from './decode-thread-protocol.js';
import { ThreadActivity } from './thread-activity.js';

const { decoding, size, ...shared } = workerData as DecodeThreadSetup;
const slotBytes = size * size * 3;
const budget = new PixelBudget(shared.budget);
const activity = new ThreadActivity(shared.activity);
const decoder = createDecoder({ ...decoding, reserve });

let current = 0;
let startUs = 0;
let last: Promise<void> = Promise.resolve();

// One at a time, whatever a decoder leaves to other threads.
parentPort?.on('message', (task: DecodeTask | typeof NO_MORE_TASKS) => {
  if (task === NO_MORE_TASKS) return parentPort?.close();
  last = last.then(() => decode(task)).then((done) => parentPort?.postMessage(done));
});

/** The time spent waiting for room is not the image's. */
function reserve(pixels: number): () => void {
  const askedUs = monotonicNowUs();
  const release = budget.reserve(pixels);
  begin(startUs + monotonicNowUs() - askedUs);
  return release;
}

function begin(atUs: number): void {
  startUs = atUs;
  activity.begin(current, usToMs(startUs));
}

async function decode({ task, bytes, slot }: DecodeTask): Promise<DecodeTaskDone> {
  current = task;
  begin(monotonicNowUs());
  const target = new Uint8Array(shared.pixels, slot * slotBytes, slotBytes);
  const result = await decoder.decode(bytes, size, target);
  activity.end();
  return { task, error: result.ok ? null : result.code, decodeUs: monotonicNowUs() - startUs };
}

parentPort?.postMessage(LOADED);
