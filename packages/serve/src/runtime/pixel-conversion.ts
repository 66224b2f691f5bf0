import type { GraphPorts } from './model-runtime.js';

/** Makes of RGB bytes `[count, size, size, 3]` what the graph takes; good until the next call. */
export type PixelConverter = (pixels: Uint8Array, count: number) => Uint8Array | Float32Array;

type Form = Pick<GraphPorts, 'layout' | 'dtype' | 'scale' | 'mean' | 'std'>;

/**
 * Into one buffer that grows to the largest batch, which the warm-up runs; a graph that takes the bytes as they
 * are gets them without a copy.
 *
 * ```
 * nhwc  rgbrgbrgb...          nchw  rrr... ggg... bbb...
 * ```
 *
 * @param size side of the square input, pixels
 */
export function pixelConverter(size: number, form: Form): PixelConverter {
  const area = size * size;
  if (form.dtype === 'uint8' && form.layout === 'nhwc') {
    return (pixels, count) => pixels.subarray(0, count * area * 3);
  }
  const tables = valueTables(form);
  const [pixelStep, channelStep] = form.layout === 'nhwc' ? [3, 1] : [1, area];
  let buffer = newBuffer(form, 0);

  return (pixels, count) => {
    const length = count * area * 3;
    if (buffer.length < length) buffer = newBuffer(form, length);
    for (let start = 0; start < length; start += area * 3) {
      for (const [channel, table] of tables.entries()) {
        const image = pixels.subarray(start + channel, start + area * 3);
        convertChannel(image, table, buffer.subarray(start + channel * channelStep), pixelStep);
      }
    }
    return buffer.subarray(0, length);
  };
}

/** A function of its own, for V8 to compile by itself: half the time of the same loop within the others. */
function convertChannel(
  image: Uint8Array,
  table: Float32Array,
  target: Uint8Array | Float32Array,
  step: number,
): void {
  for (let from = 0, to = 0; from < image.length; from += 3, to += step) {
    target[to] = table[image[from] ?? 0] ?? 0;
  }
}

const newBuffer = ({ dtype }: Form, length: number): Uint8Array | Float32Array =>
  dtype === 'uint8' ? new Uint8Array(length) : new Float32Array(length);

/** What each of the 256 values becomes in each channel: the arithmetic is done once. */
function valueTables({ dtype, scale, mean, std }: Form): Float32Array[] {
  return mean.map((channelMean, channel) =>
    Float32Array.from({ length: 256 }, (_, value) =>
      dtype === 'uint8' ? value : (value * scale - channelMean) / (std[channel] ?? 1),
    ),
  );
}
