import { conversionError } from '../conversion-error.js';
import type { Activation, Clamp } from '../graph.js';
import { TENSOR_TYPE, type TfliteOperator, type TfliteTensor } from '../tflite/tflite-model.js';

/** @throws UserError (exit code 3), named after the operator */
export function unexpected(operator: TfliteOperator, what: string): never {
  throw conversionError(`the TFLite file has an unexpected layout: ${operator.name} with ${what}`);
}

export function input(operator: TfliteOperator, index: number): TfliteTensor {
  return operator.inputs[index] ?? unexpected(operator, `${operator.inputs.length} inputs`);
}

export function output(operator: TfliteOperator): TfliteTensor {
  return operator.outputs[0] ?? unexpected(operator, 'no output');
}

/** uint8 is read as int8, stored 128 lower: the same numbers. */
export function activation(operator: TfliteOperator, tensor: TfliteTensor): Activation {
  const [scale] = tensor.scales;
  const [zeroPoint] = tensor.zeroPoints;
  if (scale === undefined || zeroPoint === undefined || tensor.scales.length > 1) {
    unexpected(operator, `an activation that is not quantised as a whole (${tensor.name})`);
  }
  switch (tensor.type) {
    case TENSOR_TYPE.int8:
      return { name: tensor.name, scale, zeroPoint };
    case TENSOR_TYPE.uint8:
      return { name: tensor.name, scale, zeroPoint: zeroPoint - 128 };
    default:
      return unexpected(operator, `an activation of type ${tensor.type} (${tensor.name})`);
  }
}

/** Codes of the schema's ActivationFunctionType. */
const CLAMPS: Readonly<Record<number, Clamp | null>> = {
  0: null,
  1: { min: 0, max: Number.POSITIVE_INFINITY },
  3: { min: 0, max: 6 },
};

export function clamp(operator: TfliteOperator, code: number): Clamp | null {
  const found = CLAMPS[code];
  return found === undefined ? unexpected(operator, `activation function ${code}`) : found;
}
