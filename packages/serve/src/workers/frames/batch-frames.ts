import { DECODE_ERROR_CODES } from '../../decode/image-decoder.js';
import type { BatchOrder, DoneMessage, WorkerResult } from '../protocol.js';

/** Where the file of an image lies in the shared memory. */
export interface FilePlace {
  readonly offset: number;
  readonly byteLength: number;
}

export interface PlacedImage {
  readonly image: number;
  /** Null where the worker was given the file before. */
  readonly place: FilePlace | null;
}

/** Its files lie in shared memory. */
export type PlacedOrder = BatchOrder<PlacedImage>;

/**
 * A batch, and the answer to it, as bytes: with one number a field nothing is serialised, and nothing but the result is
 * made of them. All little-endian, after the length of the frame (`FrameReader`):
 *
 * ```
 * run   length u32 | batch f64 | size u32 | per image, first those of the batch: image f64, offset u32, length u32
 * done  length u32 | batch f64 | decodeUs f64 | inferUs f64 | top u32
 *       | per image: decodeUs f64, status u32 (0, or 1 + index of the error), top times (class u32, confidence f32)
 * ```
 * An id of a batch or an image may need more than 32 bits after some weeks.
 */
const LENGTH_BYTES = 4;
const PLACED_BYTES = 16;
const RUN_HEAD_BYTES = LENGTH_BYTES + 12;
const DONE_HEAD_BYTES = LENGTH_BYTES + 28;
const RESULT_HEAD_BYTES = 12;
const CLASS_BYTES = 8;
/** In place of a length: the worker was given the file before. No memory is that large. */
const GIVEN_BEFORE = 0xffff_ffff;

export function encodeRun({ batch, images, ahead }: PlacedOrder): Buffer {
  const frame = framed(RUN_HEAD_BYTES + (images.length + ahead.length) * PLACED_BYTES);
  let at = frame.writeDoubleLE(batch, LENGTH_BYTES);
  at = frame.writeUInt32LE(images.length, at);
  for (const placed of images) at = writePlaced(frame, placed, at);
  for (const placed of ahead) at = writePlaced(frame, placed, at);
  return frame;
}

function writePlaced(frame: Buffer, { image, place }: PlacedImage, start: number): number {
  const at = frame.writeUInt32LE(place?.offset ?? 0, frame.writeDoubleLE(image, start));
  return frame.writeUInt32LE(place?.byteLength ?? GIVEN_BEFORE, at);
}

export function decodeRun(frame: Buffer): PlacedOrder {
  const placed: PlacedImage[] = [];
  for (let at = RUN_HEAD_BYTES; at < frame.length; at += PLACED_BYTES) placed.push(readPlaced(frame, at));
  const size = frame.readUInt32LE(LENGTH_BYTES + 8);
  return {
    batch: frame.readDoubleLE(LENGTH_BYTES),
    images: placed.slice(0, size),
    ahead: placed.slice(size),
  };
}

function readPlaced(frame: Buffer, at: number): PlacedImage {
  const [offset, byteLength] = [frame.readUInt32LE(at + 8), frame.readUInt32LE(at + 12)];
  return {
    image: frame.readDoubleLE(at),
    place: byteLength === GIVEN_BEFORE ? null : { offset, byteLength },
  };
}

export function encodeDone({ batch, decodeUs, inferUs, results }: Omit<DoneMessage, 'type'>): Buffer {
  const top = results.reduce((most, result) => Math.max(most, result.ok ? result.top.length : 0), 0);
  const resultBytes = RESULT_HEAD_BYTES + top * CLASS_BYTES;
  const frame = framed(DONE_HEAD_BYTES + results.length * resultBytes);
  frame.writeDoubleLE(batch, LENGTH_BYTES);
  frame.writeDoubleLE(decodeUs, LENGTH_BYTES + 8);
  frame.writeDoubleLE(inferUs, LENGTH_BYTES + 16);
  frame.writeUInt32LE(top, LENGTH_BYTES + 24);
  let start = DONE_HEAD_BYTES;
  for (const result of results) {
    let at = frame.writeDoubleLE(result.decodeUs, start);
    at = frame.writeUInt32LE(result.ok ? 0 : 1 + DECODE_ERROR_CODES.indexOf(result.code), at);
    if (result.ok) {
      for (const { classId, confidence } of result.top) {
        at = frame.writeUInt32LE(classId, at);
        at = frame.writeFloatLE(confidence, at);
      }
    }
    start += resultBytes;
  }
  return frame;
}

export function decodeDone(frame: Buffer): DoneMessage {
  const top = frame.readUInt32LE(LENGTH_BYTES + 24);
  const results: WorkerResult[] = [];
  for (let at = DONE_HEAD_BYTES; at < frame.length; at += RESULT_HEAD_BYTES + top * CLASS_BYTES) {
    results.push(readResult(frame, at, top));
  }
  return {
    type: 'done',
    batch: frame.readDoubleLE(LENGTH_BYTES),
    decodeUs: frame.readDoubleLE(LENGTH_BYTES + 8),
    inferUs: frame.readDoubleLE(LENGTH_BYTES + 16),
    results,
  };
}

function readResult(frame: Buffer, start: number, top: number): WorkerResult {
  const decodeUs = frame.readDoubleLE(start);
  const status = frame.readUInt32LE(start + 8);
  if (status > 0) return { ok: false, decodeUs, code: DECODE_ERROR_CODES[status - 1] ?? 'invalid_image' };
  const classes = [];
  for (let n = 0; n < top; n++) {
    const at = start + RESULT_HEAD_BYTES + n * CLASS_BYTES;
    classes.push({ classId: frame.readUInt32LE(at), confidence: frame.readFloatLE(at + 4) });
  }
  return { ok: true, decodeUs, top: classes };
}

function framed(byteLength: number): Buffer {
  const frame = Buffer.allocUnsafe(byteLength);
  frame.writeUInt32LE(byteLength, 0);
  return frame;
}
