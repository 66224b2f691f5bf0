import type { Activation } from '../graph.js';
import type { Emission } from '../onnx/emission.js';
import { TENSOR_TYPE, type TfliteOperator, type TfliteTensor } from '../tflite/tflite-model.js';
import { activation, input, output, unexpected } from './operator-call.js';

/** Mean over height and width, which stay as dimensions of 1. */
export interface GlobalAverage {
  readonly kind: 'global-average';
  readonly input: Activation;
  readonly output: Activation;
}

const KEEP_DIMENSIONS = 0;

export function readGlobalAverage(operator: TfliteOperator): GlobalAverage {
  const [image, axes] = [input(operator, 0), input(operator, 1)];
  if (image.shape.length !== 4 || readAxes(operator, axes) !== '1,2') {
    unexpected(operator, 'other axes than height and width');
  }
  if (operator.options?.int8(KEEP_DIMENSIONS) !== 1) unexpected(operator, 'its dimensions dropped');
  return {
    kind: 'global-average',
    input: activation(operator, image),
    output: activation(operator, output(operator)),
  };
}

export function emitGlobalAverage(node: GlobalAverage, emission: Emission): void {
  const { builder, format } = emission;
  const value = builder.node('GlobalAveragePool', node.output.name, [emission.value(node.input)]);
  emission.define(node.output, format.activation(builder, value, node.output, null));
}

function readAxes(operator: TfliteOperator, { type, data }: TfliteTensor): string {
  if (type !== TENSOR_TYPE.int32 || data.length % 4 !== 0) unexpected(operator, `axes of type ${type}`);
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  return Array.from({ length: data.length / 4 }, (_, index) => view.getInt32(index * 4, true)).join();
}
