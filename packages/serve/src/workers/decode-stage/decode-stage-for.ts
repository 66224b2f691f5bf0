import type { NowUs } from '@servelab/core';
import { createDecoder } from '../../decode/decoder.js';
import type { DecoderOptions } from '../../decode/image-decoder.js';
import type { RunnerSetup } from '../protocol.js';
import type { DecodeStage, SlowDecodingObserver } from './decode-stage.js';
import { DecodeThreadsStage } from './decode-threads-stage.js';
import { ModelThreadStage } from './model-thread-stage.js';

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
    : new DecodeThreadsStage(decodeThreads, own, decoding, places, nowUs, slow);
}
