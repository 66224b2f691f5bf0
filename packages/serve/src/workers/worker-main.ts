/**
 * Entry of a worker process. It lives as long as the channel to its parent: when that closes, for whatever
 * reason, it ends. A terminal's Ctrl-C goes to the whole process group; only the parent may act on it, or
 * there would be nobody left to finish what is queued.
 */
// Loaded before the server says what to open: by then it is here.
import '../runtime/onnx-runtime.js';

import { Socket } from 'node:net';
import { mapSharedMemory } from '../shared-memory/mapped-memory.js';
import type { BatchRunner } from './batch-runner.js';
import type { SlowDecodingObserver } from './decode-stage/decode-stage.js';
import { describeFailure } from './describe-failure.js';
import { decodeRun, encodeDone, type PlacedImage } from './frames/batch-frames.js';
import { FrameReader } from './frames/frame-reader.js';
import { openRunner } from './open-runner.js';
import {
  type BatchOrder,
  type DoneMessage,
  FRAMES_FD,
  type FromWorker,
  type ImageFile,
  SHARED_MEMORY_FD,
  type ToWorker,
  type WorkerSetup,
} from './protocol.js';

/** Of the time-out: an image that takes less than this share of it costs no message. */
const SLOW_SHARE = 0.25;

process.title = 'servelab-worker';
process.on('disconnect', () => process.exit(0));
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});

let runner: BatchRunner | undefined;

process.on('message', (message: ToWorker) => {
  switch (message.type) {
    case 'open':
      void open(message.setup).then(send, (error: unknown) => {
        send({ type: 'open-failed', error: describeFailure(error) });
      });
      return;
    case 'run':
      answer(message, send);
      return;
    default:
      message satisfies never;
  }
});

async function open(setup: WorkerSetup): Promise<FromWorker> {
  if (setup.sharedBytes > 0) readFrames(mapSharedMemory(SHARED_MEMORY_FD, setup.sharedBytes));
  const opened = await openRunner(setup, setup.measureCosts, slowDecoding(setup.decodeTimeoutMs));
  runner = opened.runner;
  return { type: 'ready', costsMs: opened.costsMs, device: opened.device };
}

/** The main process can end this one in time, and then knows which image was at fault. */
function slowDecoding(timeoutMs: number): SlowDecodingObserver {
  return {
    afterMs: timeoutMs * SLOW_SHARE,
    slow: (image, decodeUs) => send({ type: 'decoding', image, decodeUs }),
    ended: (image) => send({ type: 'decoded', image }),
  };
}

/** Batches whose files lie in shared memory. */
function readFrames(memory: Uint8Array): void {
  const socket = new Socket({ fd: FRAMES_FD });
  const frames = new FrameReader((frame) => {
    const { batch, images, ahead } = decodeRun(frame);
    const fileOf = ({ image, place }: PlacedImage): ImageFile => ({
      image,
      bytes: place && memory.subarray(place.offset, place.offset + place.byteLength),
    });
    const order = { batch, images: images.map(fileOf), ahead: ahead.map(fileOf) };
    answer(order, (done) => void socket.write(encodeDone(done)));
  });
  socket.on('data', (chunk: Buffer) => frames.push(chunk)).on('error', () => {});
}

function answer(order: BatchOrder, tell: (done: DoneMessage) => void): void {
  run(order).then(tell, (error: unknown) =>
    send({ type: 'failed', batch: order.batch, error: describeFailure(error) }),
  );
}

async function run(order: BatchOrder): Promise<DoneMessage> {
  if (runner === undefined) throw new Error('a batch came before the worker was ready');
  return { type: 'done', batch: order.batch, ...(await runner.run(order)) };
}

function send(message: FromWorker): void {
  // A failed write means that the parent is gone, and `disconnect` follows.
  process.send?.(message, undefined, undefined, () => {});
}
