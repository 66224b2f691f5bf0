/**
 * Entry of a worker process. It lives as long as the channel to its parent: when that closes, for whatever
 * reason, it ends. A terminal's Ctrl-C goes to the whole process group; only the parent may act on it, or
 * there would be nobody left to finish what is queued.
 */
// Loaded before the server says what to open: by then it is here.
import '../runtime/onnx-runtime.js';

import { Socket } from 'node:net';
import { monotonicNowUs } from '@servelab/core';
import { mapSharedMemory } from '../shared-memory/mapped-memory.js';
import type { BatchRunner } from './batch-runner.js';
import { describeFailure } from './describe-failure.js';
import { decodeRun, encodeDone } from './frames/batch-frames.js';
import { FrameReader } from './frames/frame-reader.js';
import { openRunner } from './open-runner.js';
import {
  type DoneMessage,
  FRAMES_FD,
  type FromWorker,
  SHARED_MEMORY_FD,
  type ToWorker,
  type WorkerSetup,
} from './protocol.js';
import { announceSlowDecoding } from './slow-decoding.js';

process.title = 'servelab-worker';
process.on('disconnect', () => process.exit(0));
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});

let runner: BatchRunner | undefined;
let decodeTimeoutMs = 0;

process.on('message', (message: ToWorker) => {
  switch (message.type) {
    case 'open':
      void open(message.setup).then(send, (error: unknown) => {
        send({ type: 'open-failed', error: describeFailure(error) });
      });
      return;
    case 'run':
      answer(message.batch, message.files, send);
      return;
    default:
      message satisfies never;
  }
});

async function open(setup: WorkerSetup): Promise<FromWorker> {
  decodeTimeoutMs = setup.decodeTimeoutMs;
  if (setup.sharedBytes > 0) readFrames(mapSharedMemory(SHARED_MEMORY_FD, setup.sharedBytes));
  const opened = await openRunner(setup, setup.measureCosts);
  runner = opened.runner;
  return { type: 'ready', costsMs: opened.costsMs, device: opened.device };
}

/** Batches whose files lie in shared memory. */
function readFrames(memory: Uint8Array): void {
  const socket = new Socket({ fd: FRAMES_FD });
  const frames = new FrameReader((frame) => {
    const { batch, places } = decodeRun(frame);
    const files = places.map(({ offset, byteLength }) => memory.subarray(offset, offset + byteLength));
    answer(batch, files, (done) => void socket.write(encodeDone(done)));
  });
  socket.on('data', (chunk: Buffer) => frames.push(chunk)).on('error', () => {});
}

function answer(batch: number, files: readonly Uint8Array[], tell: (done: DoneMessage) => void): void {
  run(batch, files).then(tell, (error: unknown) =>
    send({ type: 'failed', batch, error: describeFailure(error) }),
  );
}

async function run(batch: number, files: readonly Uint8Array[]): Promise<DoneMessage> {
  if (runner === undefined) throw new Error('a batch came before the worker was ready');
  const watch = announceSlowDecoding(batch, decodeTimeoutMs, monotonicNowUs, send);
  return { type: 'done', batch, ...(await runner.run(files, watch)) };
}

function send(message: FromWorker): void {
  // A failed write means that the parent is gone, and `disconnect` follows.
  process.send?.(message, undefined, undefined, () => {});
}
