import type { Activation } from '../graph.js';
import type { Emission } from '../onnx/emission.js';
import type { TfliteOperator } from '../tflite/tflite-model.js';
import { activation, input, output, unexpected } from './operator-call.js';

/** From `[N, C, 1, 1]` to `[N, C]`. */
export interface Flattening {
  readonly kind: 'flattening';
  readonly input: Activation;
  readonly output: Activation;
}

export function readFlattening(operator: TfliteOperator): Flattening {
  const [from, to] = [input(operator, 0), output(operator)];
  // With height and width 1 the order of dimensions does not matter; otherwise it would.
  if (from.shape.slice(0, 3).join() !== '1,1,1' || to.shape.join() !== `1,${from.shape[3]}`) {
    unexpected(operator, `shapes [${from.shape}] to [${to.shape}]`);
  }
  return { kind: 'flattening', input: activation(operator, from), output: activation(operator, to) };
}

/** The numbers stay as they are, so nothing is quantised anew. */
export function emitFlattening(node: Flattening, emission: Emission): void {
  const value = emission.builder.node('Flatten', node.output.name, [emission.value(node.input)], { axis: 1 });
  emission.define(node.output, value);
}
