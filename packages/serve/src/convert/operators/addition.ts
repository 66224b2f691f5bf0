import type { Activation, Clamp } from '../graph.js';
import type { Emission } from '../onnx/emission.js';
import type { TfliteOperator } from '../tflite/tflite-model.js';
import { activation, clamp, input, output, unexpected } from './operator-call.js';

/** Two tensors of one shape. */
export interface Addition {
  readonly kind: 'addition';
  readonly inputs: readonly [Activation, Activation];
  readonly output: Activation;
  readonly clamp: Clamp | null;
}

export function readAddition(operator: TfliteOperator): Addition {
  const [a, b] = [input(operator, 0), input(operator, 1)];
  if (a.shape.join() !== b.shape.join()) unexpected(operator, `shapes [${a.shape}] and [${b.shape}]`);
  return {
    kind: 'addition',
    inputs: [activation(operator, a), activation(operator, b)],
    output: activation(operator, output(operator)),
    clamp: clamp(operator, operator.options?.int8(0) ?? 0),
  };
}

export function emitAddition(node: Addition, emission: Emission): void {
  const { builder, format } = emission;
  const [a, b] = node.inputs;
  const value = builder.node('Add', node.output.name, [emission.value(a), emission.value(b)]);
  emission.define(node.output, format.activation(builder, value, node.output, node.clamp));
}
