import type { NowUs } from '@servelab/core';
import type { DecodeWatch } from './batch-runner.js';
import type { FromWorker } from './protocol.js';

/** Of the time-out: an image that takes less than this share of it costs no message. */
const ANNOUNCED_AFTER = 0.25;

/**
 * Tells the main process which image is being decoded once that takes long, and when it has ended after all: so that one
 * can end this process in time, and knows which image was at fault. libvips decodes on a thread of its own, so this one is
 * free to say so; what is decoded on this thread (`turboDecoder`) is small enough by its header to need no watching.
 */
export function announceSlowDecoding(
  batch: number,
  timeoutMs: number,
  nowUs: NowUs,
  send: (message: FromWorker) => void,
): DecodeWatch {
  return async (image, decode) => {
    const startUs = nowUs();
    let isAnnounced = false;
    const timer = setTimeout(() => {
      isAnnounced = true;
      send({ type: 'decoding', batch, image, decodeUs: nowUs() - startUs });
    }, timeoutMs * ANNOUNCED_AFTER);
    try {
      return await decode();
    } finally {
      clearTimeout(timer);
      if (isAnnounced) send({ type: 'decoded', batch, image });
    }
  };
}
