import { clip, type TensorFormat } from './tensor-format.js';

/** Weights dequantised once and for all, activations never quantised: the reference for every other form. */
export const floatFormat: TensorFormat = {
  image(builder, pixels) {
    // As the services of the seeds do it, pixels / 255, and then the [-1, 1] that the weights were trained on.
    const scalar = (name: string, value: number) => builder.constant('float', name, Float32Array.of(value));
    const float = builder.node('Cast', 'pixels_float', [pixels], { to: 1 });
    const unit = builder.node('Div', 'pixels_unit', [float, scalar('white', 255)]);
    const doubled = builder.node('Mul', 'pixels_doubled', [unit, scalar('two', 2)]);
    return builder.node('Sub', 'image', [doubled, scalar('one', 1)]);
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
