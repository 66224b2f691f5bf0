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

/** What is taken off the zero point, by the tensor's type. */
const UNSIGNED_SHIFT: Readonly<Record<number, number>> = { [TENSOR_TYPE.int8]: 0, [TENSOR_TYPE.uint8]: 128 };

/** uint8 is read as int8, stored 128 lower: the same numbers. */
export function activation(operator: TfliteOperator, tensor: TfliteTensor): Activation {
  const [scale] = tensor.scales;
  const [zeroPoint] = tensor.zeroPoints;
  if (scale === undefined || zeroPoint === undefined || tensor.scales.length > 1) {
    unexpected(operator, `an activation that is not quantised as a whole (${tensor.name})`);
  }
  const shift = UNSIGNED_SHIFT[tensor.type];
  if (shift === undefined) unexpected(operator, `an activation of type ${tensor.type} (${tensor.name})`);
  const signed = zeroPoint - shift;
  if (!(scale > 0 && Number.isFinite(scale)) || signed < -128 || signed > 127) {
    unexpected(operator, `scale ${scale} and zero point ${zeroPoint} (${tensor.name})`);
  }
  return { name: tensor.name, scale, zeroPoint: signed };
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
