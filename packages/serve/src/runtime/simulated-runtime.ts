import { setTimeout as sleep } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { monotonicNowUs, msToUs, type NowUs, usToMs } from '@servelab/core';
import { batchCostMs } from './cost-curve.js';
import type { ModelRuntime, Poison, RuntimeSpec } from './model-runtime.js';

type SimulatedSpec = Extract<RuntimeSpec, { kind: 'simulated' }>;

const CLASSES_ANSWERED = 5;
/** Each confidence as a share of the one before; with the first at most 0.6 the five sum to 0.99 at most. */
const FALL = 0.4;
/** Timers may be this late, so the end of a wait is polled. */
const TIMER_SLACK_MS = 1.5;

/**
 * A model that takes as long as its cost table says. The answer is a function of each image's pixels alone,
 * so that every policy and batch size gives the same answers and a mix-up of images shows.
 */
export function simulatedRuntime(spec: SimulatedSpec, nowUs: NowUs = monotonicNowUs): ModelRuntime {
  const { inputSize, classCount, costMs, occupies, poison } = spec;
  const bytesAnImage = inputSize * inputSize * 3;
  const waitUntil = occupies === 'cpu' ? spinUntil : timerUntil;

  return {
    inputSize,
    classCount,
    async run(pixels, count) {
      // The answers are worked out within the time that the batch takes anyway.
      const endUs = nowUs() + msToUs(batchCostMs(costMs, count));
      const probabilities = new Float32Array(count * classCount);
      for (let image = 0; image < count; image++) {
        const bytes = pixels.subarray(image * bytesAnImage, (image + 1) * bytesAnImage);
        if (poison !== undefined && isAll(bytes, poison.rgb)) await fail(poison.how);
        answer(bytes, probabilities.subarray(image * classCount, (image + 1) * classCount));
      }
      await waitUntil(endUs, nowUs);
      return probabilities;
    },
    close: async () => {},
  };
}

const isAll = (pixels: Uint8Array, rgb: Poison['rgb']): boolean =>
  pixels.every((value, n) => value === rgb[n % rgb.length]);

async function fail(how: Poison['how']): Promise<void> {
  switch (how) {
    case 'throw':
      throw new Error('the image is poisonous');
    case 'exit':
      return process.exit(1);
    case 'hang':
      return await new Promise(() => {});
  }
}

function answer(pixels: Uint8Array, probabilities: Float32Array): void {
  const hash = crc32(pixels);
  let confidence = 0.4 + 0.2 * ((hash >>> 16) / 2 ** 16);
  for (let rank = 0; rank < Math.min(CLASSES_ANSWERED, probabilities.length); rank++) {
    probabilities[((hash % probabilities.length) + rank) % probabilities.length] = confidence;
    confidence *= FALL;
  }
}

async function spinUntil(endUs: number, nowUs: NowUs): Promise<void> {
  while (nowUs() < endUs);
}

async function timerUntil(endUs: number, nowUs: NowUs): Promise<void> {
  const restMs = usToMs(endUs - nowUs()) - TIMER_SLACK_MS;
  if (restMs >= 1) await sleep(restMs);
  while (nowUs() < endUs) await new Promise(setImmediate);
}
