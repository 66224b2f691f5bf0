import { expect, it } from 'vitest';
import { DECODE_ERROR_CODES } from '../../decode/image-decoder.js';
import { decodeDone, decodeRun, encodeDone, encodeRun } from './batch-frames.js';
import { FrameReader } from './frame-reader.js';

const BATCHES = [0, 1, 2 ** 32 + 5, 2 ** 53 - 1];

it('a batch is what it was', () => {
  const images = [
    { image: 1, place: { offset: 0, byteLength: 24_000 } },
    { image: 2 ** 53 - 1, place: { offset: 2 ** 32 - 1, byteLength: 0 } },
    { image: 0, place: null },
  ];
  for (const batch of BATCHES) {
    for (const order of [
      { batch, images, ahead: [] },
      { batch, images: images.slice(1), ahead: images },
    ]) {
      expect(decodeRun(encodeRun(order))).toEqual(order);
    }
  }
});

it('an answer is what it was, its errors too', () => {
  const top = [
    { classId: 999, confidence: 0.75 },
    { classId: 0, confidence: 0.125 },
  ];
  const results = [
    { ok: true, decodeUs: 1234.5, top } as const,
    ...DECODE_ERROR_CODES.map((code) => ({ ok: false, decodeUs: 0, code }) as const),
    { ok: true, decodeUs: 0, top } as const,
  ];
  for (const batch of BATCHES) {
    const done = { type: 'done', batch, decodeUs: 0.5, inferUs: 5678.25, results } as const;
    expect(decodeDone(encodeDone(done))).toEqual(done);
  }
  const allRefused = {
    type: 'done',
    batch: 3,
    decodeUs: 7,
    inferUs: 0,
    results: results.slice(1, 3),
  } as const;
  expect(decodeDone(encodeDone(allRefused))).toEqual(allRefused);
});

it.each([1, 3, 4, 7, 1000])('frames are found in pieces of %d bytes', (size) => {
  const placed = (n: number) => ({ image: n, place: { offset: n, byteLength: n } });
  const frames = [1, 2, 3].map((n) => encodeRun({ batch: n, images: Array(n).fill(placed(n)), ahead: [] }));
  const stream = Buffer.concat(frames);
  const seen: number[] = [];
  const reader = new FrameReader((frame) => {
    const { batch, images } = decodeRun(frame);
    expect(images).toHaveLength(batch);
    seen.push(batch);
  });
  for (let at = 0; at < stream.length; at += size) {
    // The memory of what was read is used again.
    const piece = Buffer.from(stream.subarray(at, at + size));
    reader.push(piece);
    piece.fill(0xff);
  }
  expect(seen).toEqual([1, 2, 3]);
});

it('what is no frame is thrown, not looped over', () => {
  const reader = new FrameReader(() => {});
  expect(() => reader.push(Buffer.alloc(8))).toThrow(RangeError);
});
