import { readFileSync } from 'node:fs';
import { type Axis, type AxisWeights, bicubicWeights } from './bicubic-weights.js';

const CHANNELS = 3;
const PAGE_BYTES = 65_536;
/** What is read, or written and then overwritten, past the end of pixels. */
const MARGIN_BYTES = 64;
/** Rows at a time: what one call has written is still in the cache when the next reads it. */
const STRIP_BYTES = 256 * 1024;
const MOST_REMEMBERED = 8;
/** Built from `assembly/resample.ts` by `npm run build`. */
const CODE = new URL('../../../dist/decode/resample.wasm', import.meta.url);

interface ResampleCode {
  resampleRows(
    source: number,
    width: number,
    height: number,
    target: number,
    outWidth: number,
    starts: number,
    weights: number,
    taps: number,
  ): void;
  resampleColumns(
    source: number,
    rowBytes: number,
    target: number,
    outHeight: number,
    starts: number,
    weights: number,
    taps: number,
  ): void;
}

/**
 * Antialiased bicubic scaling of RGB pixels as Pillow does it, to the bit: first rows, then columns, bytes between the two.
 *
 * @param pixels `[vertical.length, horizontal.length, 3]`
 * @param target `[vertical.count, horizontal.count, 3]`
 */
export type Resample = (pixels: Uint8Array, horizontal: Axis, vertical: Axis, target: Uint8Array) => void;

/** The memory is its own: small beside the pixels, of which it holds a strip at a time. */
export function createResampler(): Resample {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const module = new WebAssembly.Module(readFileSync(CODE));
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const code = exports as unknown as ResampleCode;

  const weightsOf = remembered(bicubicWeights);

  return (pixels, horizontal, vertical, target) => {
    const [columns, rows] = [weightsOf(horizontal), weightsOf(vertical)];
    const rowBytes = horizontal.length * CHANNELS;
    const scaledBytes = horizontal.count * CHANNELS;
    const stripRows = Math.max(1, Math.floor(STRIP_BYTES / rowBytes));
    const place = layOut(memory);
    const forColumns = place.weights(columns);
    const forRows = place.weights(rows);
    // Taps past the last column and the last row have no weight, but they are read.
    const strip = place.bytes(stripRows * rowBytes + columns.taps * CHANNELS);
    const scaledRows = place.bytes((vertical.length + rows.taps) * scaledBytes);
    const scaled = place.bytes(target.length);
    const bytes = place.reserved();
    forColumns.write(bytes);
    forRows.write(bytes);

    for (let y = 0; y < vertical.length; y += stripRows) {
      const end = Math.min(vertical.length, y + stripRows);
      bytes.set(pixels.subarray(y * rowBytes, end * rowBytes), strip);
      const to = scaledRows + y * scaledBytes;
      const { starts, weights } = forColumns;
      const height = end - y;
      code.resampleRows(
        strip,
        horizontal.length,
        height,
        to,
        horizontal.count,
        starts,
        weights,
        columns.taps,
      );
    }
    const { starts, weights } = forRows;
    code.resampleColumns(scaledRows, scaledBytes, scaled, vertical.count, starts, weights, rows.taps);
    target.set(bytes.subarray(scaled, scaled + target.length));
  };
}

/** Hands out the memory from its start; it is there once all that is needed has been reserved. */
function layOut(memory: WebAssembly.Memory) {
  let end = 0;
  const bytes = (count: number): number => {
    const at = end;
    end = Math.ceil((at + count + MARGIN_BYTES) / MARGIN_BYTES) * MARGIN_BYTES;
    return at;
  };
  return {
    bytes,
    weights({ starts, weights }: AxisWeights) {
      const place = { starts: bytes(starts.byteLength), weights: bytes(weights.byteLength) };
      const write = (reserved: Uint8Array) => {
        reserved.set(new Uint8Array(starts.buffer), place.starts);
        reserved.set(new Uint8Array(weights.buffer), place.weights);
      };
      return { ...place, write };
    },
    reserved(): Uint8Array {
      const missing = end - memory.buffer.byteLength;
      if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
      return new Uint8Array(memory.buffer);
    },
  };
}

/** Images that are sent one after another often have the same dimensions. */
function remembered(weigh: (axis: Axis) => AxisWeights): (axis: Axis) => AxisWeights {
  const known = new Map<string, AxisWeights>();
  return (axis) => {
    const key = Object.values(axis).join();
    const weights = known.get(key) ?? weigh(axis);
    known.delete(key);
    known.set(key, weights);
    const [oldest] = known.keys();
    if (known.size > MOST_REMEMBERED && oldest !== undefined) known.delete(oldest);
    return weights;
  };
}
