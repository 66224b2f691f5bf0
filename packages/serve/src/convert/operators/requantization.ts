import type { Activation } from '../graph.js';
import type { Emission } from '../onnx/emission.js';
import type { TfliteOperator } from '../tflite/tflite-model.js';
import { activation, input, output, unexpected } from './operator-call.js';

/** The same numbers stored as another type: the converter of TensorFlow puts it at both ends of a network. */
export interface Requantization {
  readonly kind: 'requantization';
  readonly input: Activation;
  readonly output: Activation;
}

export function readRequantization(operator: TfliteOperator): Requantization {
  const from = activation(operator, input(operator, 0));
  const to = activation(operator, output(operator));
  if (from.scale !== to.scale || from.zeroPoint !== to.zeroPoint) {
    unexpected(operator, `a change of scale (${from.name} to ${to.name})`);
  }
  return { kind: 'requantization', input: from, output: to };
}

export function emitRequantization(node: Requantization, emission: Emission): void {
  emission.define(node.output, emission.value(node.input));
}
