import type { Activation } from '../graph.js';
import type { Emission } from '../onnx/emission.js';
import type { TfliteOperator } from '../tflite/tflite-model.js';
import { activation, input, output, unexpected } from './operator-call.js';

/** Probabilities of the classes of each row. */
export interface Softmax {
  readonly kind: 'softmax';
  readonly input: Activation;
  readonly output: Activation;
}

/** Field of SoftmaxOptions: what the logits are multiplied by. */
const BETA = 0;

export function readSoftmax(operator: TfliteOperator): Softmax {
  const { shape } = input(operator, 0);
  const beta = operator.options?.float32(BETA, 1) ?? 1;
  if (shape.length !== 2) unexpected(operator, `shape [${shape}]`);
  if (beta !== 1) unexpected(operator, `beta ${beta}`);
  return {
    kind: 'softmax',
    input: activation(operator, input(operator, 0)),
    output: activation(operator, output(operator)),
  };
}

/** In float in every format: steps of 1/256 would leave most of a thousand classes at 0. */
export function emitSoftmax(node: Softmax, emission: Emission): void {
  const value = emission.builder.node('Softmax', node.output.name, [emission.value(node.input)], { axis: 1 });
  emission.define(node.output, value);
}
