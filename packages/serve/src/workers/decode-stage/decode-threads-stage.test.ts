import { monotonicNowUs } from '@servelab/core';
import { afterEach, describe, expect, it } from 'vitest';
import { manyScanJpeg } from '../../../../../test/fixtures/many-scan-jpeg.js';
import { onePixelGif as gif } from '../../../../../test/fixtures/one-pixel-gif.js';
import { createDecoder } from '../../decode/decoder.js';
import { DecodeThreadsStage } from './decode-threads-stage.js';
import { ModelThreadStage } from './model-thread-stage.js';

const SIZE = 4;
const MOST = 4;
const BROKEN = Buffer.from('no image');
const DECODING = { maxPixels: 50_000_000, maxSide: 16_384, exactDecode: false };

let stage: DecodeThreadsStage;
afterEach(() => stage.close());

const open = async (threads: number, { maxPixels = DECODING.maxPixels, smallBytes = 0 } = {}) => {
  const place = { size: SIZE, maxBatchSize: MOST };
  const decoding = { ...DECODING, maxPixels };
  const own = new ModelThreadStage(createDecoder(decoding), place, monotonicNowUs);
  stage = new DecodeThreadsStage(threads, own, smallBytes, decoding, place, monotonicNowUs);
  await stage.ready;
};

/** Each file of one color, by its image. */
const file = (image: number, bytes: Uint8Array | null = gif(image)) => ({ image, bytes });
/** Red of each slot's first pixel, which is that of the whole slot. */
const reds = (count: number) =>
  Array.from({ length: count }, (_, slot) => {
    const pixels = stage.pixels.subarray(slot * SIZE * SIZE * 3, (slot + 1) * SIZE * SIZE * 3);
    expect(new Set(pixels.filter((_value, n) => n % 3 === 0)).size).toBe(1);
    return pixels[0];
  });

describe.each([1, 3])('%d threads', (threads) => {
  it('put the pixels of a batch in its order, without gaps for those that cannot be decoded', async () => {
    await open(threads);
    const { images } = await stage.decode([file(9), file(7, BROKEN), file(8), file(250)], []);
    expect(images).toMatchObject([
      { ok: true },
      { ok: false, code: 'invalid_image' },
      { ok: true },
      { ok: true },
    ]);
    expect(reds(3)).toEqual([9, 8, 250]);
  });

  it('decode ahead what is given ahead, and once', async () => {
    await open(threads);
    await stage.decode([file(1)], [file(2), file(3, BROKEN), file(4)]);
    const { images } = await stage.decode([file(4, null), file(3, null), file(5)], [file(2, null), file(6)]);
    expect(images).toMatchObject([{ ok: true }, { ok: false, code: 'invalid_image' }, { ok: true }]);
    expect(reds(2)).toEqual([4, 5]);
    await stage.decode([file(2, null), file(6, null)], []);
    expect(reds(2)).toEqual([2, 6]);
  });

  it('forget what is in no order any more: it has to be given again', async () => {
    await open(threads);
    await stage.decode([file(1)], [file(2), file(3)]);
    await stage.decode([file(3, null)], []);
    await expect(stage.decode([file(2, null)], [])).rejects.toThrow('image 2 was not given before');
    await stage.decode([file(2)], []);
    expect(reds(1)).toEqual([2]);
  });

  it('leave an image to the thread that asks where nothing could be done beside it', async () => {
    await open(threads);
    await stage.decode([file(5)], []);
    expect(reds(1)).toEqual([5]);
    await stage.decode([file(6)], [file(7)]);
    expect(reds(1)).toEqual([6]);
    // What was given ahead is wanted no more.
    await stage.decode([file(8)], []);
    expect(reds(1)).toEqual([8]);
    await expect(stage.decode([file(7, null)], [])).rejects.toThrow('image 7 was not given before');
  });

  it('do not need the memory that a file lay in once the batch has been decoded', async () => {
    await open(threads);
    const ahead = Uint8Array.from(gif(77));
    await stage.decode([file(1)], [file(2, ahead)]);
    ahead.fill(0);
    await stage.decode([file(2, null)], []);
    expect(reds(1)).toEqual([77]);
  });
});

it('leaves small files to the thread that asks, in whichever batch they come', async () => {
  const large = manyScanJpeg(300, 300, 1);
  await open(2, { smallBytes: large.length });
  // All small: decoded here, and kept as files for the next batch.
  await stage.decode([file(1), file(2)], [file(3), file(4), file(5)]);
  expect(reds(2)).toEqual([1, 2]);
  await stage.decode([file(4, null), file(3, null)], [file(5, null), file(6, large), file(7)]);
  expect(reds(2)).toEqual([4, 3]);
  // Beside a large one they are shared out.
  const { images } = await stage.decode([file(5, null), file(6, null), file(7, null)], []);
  expect(images).toMatchObject([{ ok: true }, { ok: true }, { ok: true }]);
  expect(stage.pixels[0]).toBe(5);
  expect(stage.pixels[2 * SIZE * SIZE * 3]).toBe(7);
  await expect(stage.decode([file(6, null)], [])).rejects.toThrow('image 6 was not given before');
});

it('no more pixels are decoded at once than the largest image may have: each waits, and none fails', async () => {
  await open(3, { maxPixels: 90_000 });
  const large = manyScanJpeg(300, 300, 1);
  const { images } = await stage.decode([file(1, large), file(2, large), file(3), file(4, large)], []);
  expect(images.map(({ ok }) => ok)).toEqual([true, true, true, true]);
});
