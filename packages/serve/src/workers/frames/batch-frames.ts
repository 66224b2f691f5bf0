import { DECODE_ERROR_CODES } from '../../decode/image-decoder.js';
import type { DoneMessage, WorkerResult } from '../protocol.js';

/** Where the file of an image lies in the shared memory. */
export interface FilePlace {
  readonly offset: number;
  readonly byteLength: number;
}

/**
 * A batch, and the answer to it, as bytes: with one number a field nothing is serialised, and nothing but the result is
 * made of them. All little-endian, after the length of the frame (`FrameReader`):
 *
 * ```
 * run   length u32 | batch f64 | per image: offset u32, length u32
 * done  length u32 | batch f64 | inferUs f64 | top u32 | per image: decodeUs f64, status u32, top times (class u32, confidence f32)
 *                                                                              ^ 0, or 1 + index of the error
 * ```
 * An id of a batch may need more than 32 bits after some weeks.
 */
const LENGTH_BYTES = 4;
const PLACE_BYTES = 8;
const RUN_HEAD_BYTES = LENGTH_BYTES + 8;
const DONE_HEAD_BYTES = LENGTH_BYTES + 20;
const RESULT_HEAD_BYTES = 12;
const CLASS_BYTES = 8;

export function encodeRun(batch: number, places: readonly FilePlace[]): Buffer {
  const frame = framed(RUN_HEAD_BYTES + places.length * PLACE_BYTES);
  let at = frame.writeDoubleLE(batch, LENGTH_BYTES);
  for (const { offset, byteLength } of places) {
    at = frame.writeUInt32LE(offset, at);
    at = frame.writeUInt32LE(byteLength, at);
  }
  return frame;
}

export function decodeRun(frame: Buffer): { batch: number; places: FilePlace[] } {
  const places: FilePlace[] = [];
  for (let at = RUN_HEAD_BYTES; at < frame.length; at += PLACE_BYTES) {
    places.push({ offset: frame.readUInt32LE(at), byteLength: frame.readUInt32LE(at + 4) });
  }
  return { batch: frame.readDoubleLE(LENGTH_BYTES), places };
}

export function encodeDone({ batch, inferUs, results }: Omit<DoneMessage, 'type'>): Buffer {
  const top = results.reduce((most, result) => Math.max(most, result.ok ? result.top.length : 0), 0);
  const resultBytes = RESULT_HEAD_BYTES + top * CLASS_BYTES;
  const frame = framed(DONE_HEAD_BYTES + results.length * resultBytes);
  frame.writeDoubleLE(batch, LENGTH_BYTES);
  frame.writeDoubleLE(inferUs, LENGTH_BYTES + 8);
  frame.writeUInt32LE(top, LENGTH_BYTES + 16);
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
  const top = frame.readUInt32LE(LENGTH_BYTES + 16);
  const results: WorkerResult[] = [];
  for (let at = DONE_HEAD_BYTES; at < frame.length; at += RESULT_HEAD_BYTES + top * CLASS_BYTES) {
    results.push(readResult(frame, at, top));
  }
  const [batch, inferUs] = [frame.readDoubleLE(LENGTH_BYTES), frame.readDoubleLE(LENGTH_BYTES + 8)];
  return { type: 'done', batch, inferUs, results };
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
