import { ONNX_TYPE } from './onnx-schema.js';
import { clip, type TensorFormat } from './tensor-format.js';

/** Weights dequantised once and for all, activations never quantised: the reference for every other form. */
export const floatFormat: TensorFormat = {
  image(builder, pixels) {
    // The /255 of the seeds' services and the rescale to [-1, 1] in one: three passes over the image, not four.
    const scalar = (name: string, value: number) => builder.constant('float', name, Float32Array.of(value));
    const float = builder.node('Cast', 'pixels_float', [pixels], { to: ONNX_TYPE.float });
    const scaled = builder.node('Mul', 'pixels_scaled', [float, scalar('two_over_white', 2 / 255)]);
    return builder.node('Sub', 'image', [scaled, scalar('one', 1)]);
  },

  constant(builder, { name, values, dims, scales }) {
    const reals = new Float32Array(values);
    const anIndex = values.length / scales.length;
    for (const [index, scale] of scales.entries()) {
      for (let at = index * anIndex; at < (index + 1) * anIndex; at++) reals[at] = (reals[at] ?? 0) * scale;
    }
    return builder.constant('float', name, reals, dims);
  },

  activation: (builder, value, _activation, clamp) => (clamp === null ? value : clip(builder, value, clamp)),
};
