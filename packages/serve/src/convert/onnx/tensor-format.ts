import type { Activation, Clamp } from '../graph.js';
import type { OnnxBuilder } from './onnx-builder.js';

/** Weights or bias: real = scales[index in the first dimension] * values. */
interface QuantizedConstant {
  readonly name: string;
  readonly values: Int8Array | Int32Array;
  readonly dims: readonly number[];
  readonly scales: Float32Array;
}

/**
 * How numbers are kept in the ONNX graph. Operators are written once, in float; a format decides what stands
 * between them. Strings are names of values in the graph being built.
 */
export interface TensorFormat {
  /** The image in [-1, 1] from its pixels 0 to 255 in uint8, both `[N, 3, H, W]`. */
  image(builder: OnnxBuilder, pixels: string, input: Activation): string;
  constant(builder: OnnxBuilder, constant: QuantizedConstant): string;
  /** What later operators read in place of `value`. */
  activation(builder: OnnxBuilder, value: string, activation: Activation, clamp: Clamp | null): string;
}

/** Bounds as a node of their own; ONNX Runtime merges it into the convolution before. */
export function clip(builder: OnnxBuilder, value: string, { min, max }: Clamp): string {
  const scalar = (name: string, bound: number) =>
    builder.constant('float', `${value}_${name}`, Float32Array.of(bound));
  return builder.node('Clip', `${value}_clipped`, [value, scalar('min', min), scalar('max', max)]);
}
