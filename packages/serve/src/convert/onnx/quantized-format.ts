import type { Activation, Clamp } from '../graph.js';
import type { OnnxBuilder } from './onnx-builder.js';
import { clip, type TensorFormat } from './tensor-format.js';

/** From int8 to uint8: the same numbers, stored 128 higher. */
const UNSIGNED_SHIFT = 128;
const STORED_MAX = 255;

/**
 * Every activation goes through QuantizeLinear and DequantizeLinear, every constant through
 * DequantizeLinear; ONNX Runtime merges these into operators on integers. Activations are uint8 and weights
 * int8: its kernels for that pair are the fast ones (with int8 activations the graph does not even merge).
 */
export const quantizedFormat: TensorFormat = {
  image: (builder, pixels, input) =>
    // The pixels are the stored values: scale 1/127.5 and zero point 127 take them to [-1, 1].
    builder.node('DequantizeLinear', 'image', [pixels, ...parameters(builder, input)]),

  constant(builder, { name, values, dims, scales }) {
    const scale = builder.constant('float', `${name}_scale`, scales, [scales.length]);
    if (values instanceof Int32Array) {
      const stored = builder.constant('int32', `${name}_stored`, values, dims);
      return builder.node('DequantizeLinear', name, [stored, scale], { axis: 0 });
    }
    const stored = builder.constant('int8', `${name}_stored`, values, dims);
    const zeros = builder.constant('int8', `${name}_zero`, new Int8Array(scales.length), [scales.length]);
    return builder.node('DequantizeLinear', name, [stored, scale, zeros], { axis: 0 });
  },

  activation(builder, value, activation, clamp) {
    const bounded =
      clamp === null || saturatesWithin(activation, clamp) ? value : clip(builder, value, clamp);
    const [scale, zeroPoint] = parameters(builder, activation);
    const stored = builder.node('QuantizeLinear', `${activation.name}_stored`, [bounded, scale, zeroPoint]);
    return builder.node('DequantizeLinear', `${activation.name}_read`, [stored, scale, zeroPoint]);
  },
};

function parameters(builder: OnnxBuilder, { name, scale, zeroPoint }: Activation): [string, string] {
  return [
    builder.constant('float', `${name}_scale`, Float32Array.of(scale)),
    builder.constant('uint8', `${name}_zero`, Uint8Array.of(zeroPoint + UNSIGNED_SHIFT)),
  ];
}

/** Whether what uint8 can hold ends at the bounds anyway, to half a step. */
function saturatesWithin({ scale, zeroPoint }: Activation, { min, max }: Clamp): boolean {
  const lowest = -(zeroPoint + UNSIGNED_SHIFT) * scale;
  const highest = lowest + STORED_MAX * scale;
  return lowest >= min - scale / 2 && highest <= max + scale / 2;
}
