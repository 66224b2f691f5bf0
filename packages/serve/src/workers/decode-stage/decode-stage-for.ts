import type { NowUs } from '@servelab/core';
import { createDecoder } from '../../decode/decoder.js';
import type { DecoderOptions } from '../../decode/image-decoder.js';
import type { RuntimeSpec } from '../../runtime/model-runtime.js';
import type { RunnerSetup } from '../protocol.js';
import type { DecodeStage, SlowDecodingObserver } from './decode-stage.js';
import { DecodeThreadsStage } from './decode-threads-stage.js';
import { ModelThreadStage } from './model-thread-stage.js';

/** Beside a model on the same cores, a file of this size is decoded sooner than handed over; see docs/performance.md. */
const SMALL_BYTES = 32_768;

/**
 * @param slow told of images whose decoding takes long
 * @throws where the system refuses a thread
 */
export function decodeStageFor(setup: RunnerSetup, nowUs: NowUs, slow?: SlowDecodingObserver): DecodeStage {
  const { runtime, maxBatchSize, decodeThreads } = setup;
  const decoding: DecoderOptions = {
    maxPixels: setup.maxImagePixels,
    maxSide: setup.maxImageSide,
    exactDecode: setup.exactDecode,
    cropRatio: runtime.kind === 'onnx' ? runtime.cropRatio : undefined,
  };
  const places = { size: runtime.inputSize, maxBatchSize };
  const own = new ModelThreadStage(createDecoder(decoding), places, nowUs, slow);
  return decodeThreads === 0
    ? own
    : new DecodeThreadsStage(decodeThreads, own, smallBytes(runtime), decoding, places, nowUs, slow);
}

/** A device leaves the cores free for decoding meanwhile, so that even small files are worth handing over. */
function smallBytes(runtime: RuntimeSpec): number {
  const isOnCpu = runtime.kind === 'onnx' ? (runtime.device ?? 'cpu') === 'cpu' : runtime.occupies === 'cpu';
  return isOnCpu ? SMALL_BYTES : 0;
}
